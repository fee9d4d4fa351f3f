"""Keeps the very frames that were read, as long as the settings say."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import cv2

from gate.frame import Image

log = logging.getLogger(__name__)

JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """``<image_id>.jpg`` files in one folder."""

    path: Path
    days: int

    def keep(self, image_id: str, image: Image) -> bool:
        """Write ``image``; False when the disk refuses: a picture never holds up an arrival."""
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        target = self.path / f"{image_id}.jpg"
        fresh = target.with_suffix(".new")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(data.tobytes())
            fresh.replace(target)
        except OSError as error:
            log.warning("%s: not written (%s). Look at the disk.", target, error.strerror)
            return False
        return True

    def delete_old(self, moment: datetime) -> int:
        """Delete what is older than ``days`` at ``moment``; how many that were."""
        oldest_s = (moment - timedelta(days=self.days)).timestamp()
        old = [path for path in self.path.glob("*.*") if path.stat().st_mtime < oldest_s]
        for path in old:
            path.unlink(missing_ok=True)
        if old:
            log.info("%d pictures older than %d days are deleted", len(old), self.days)
        return len(old)
