"""Writes pictures: encodes JPEG, keeps the frames that were read, deletes old ones."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import cv2

from gate.camera.frame import Image

log = logging.getLogger(__name__)

JPEG_QUALITY = 88


def as_jpeg(image: Image, *, widest_px: int | None = None) -> bytes:
    """``image`` as a JPEG file, scaled down where it is wider than ``widest_px``."""
    height, width = image.shape[:2]
    shown = image
    if widest_px and width > widest_px:
        size = (widest_px, max(1, round(height * widest_px / width)))
        shown = cv2.resize(image, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    _, data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return data.tobytes()


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """``<image_id>.jpg`` files in one folder."""

    path: Path
    days: int

    def keep(self, image_id: str, image: Image) -> bool:
        """Write ``image``; False when the disk refuses: a picture never holds up an arrival."""
        target = self.path / f"{image_id}.jpg"
        fresh = target.with_suffix(".new")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(as_jpeg(image))
            fresh.replace(target)
        except OSError as error:
            log.warning("%s: not written (%s). Look at the disk.", target, error.strerror)
            return False
        return True

    def delete_old(self, moment: datetime) -> int:
        """Delete the pictures older than ``days`` at ``moment``; how many they were."""
        oldest_s = (moment - timedelta(days=self.days)).timestamp()
        old = [path for path in self.path.glob("*.*") if path.stat().st_mtime < oldest_s]
        for path in old:
            path.unlink(missing_ok=True)
        if old:
            log.info("%d pictures older than %d days are deleted", len(old), self.days)
        return len(old)
