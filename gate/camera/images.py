"""Writes pictures: encodes JPEG, keeps the frames that were read, deletes old ones."""

import errno
import logging
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import cv2

from gate.camera.frame import Image

log = logging.getLogger(__name__)

JPEG_QUALITY = 88
_SMALLER = 8
"""A JPEG file of a gate is a tenth of the picture in memory, or less."""


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
    """``<image_id>.jpg`` files in one folder, each named as the message that it belongs to."""

    path: Path
    days: int

    def begin(self, image_id: str, image: Image) -> bool:
        """Make the file of ``image``, still empty; False when the disk has no room for it.

        So an arrival is told before its picture is made, and says rightly whether there is one.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._fresh(image_id).touch()
            free = shutil.disk_usage(self.path).free
        except OSError as error:
            self._warn(image_id, error.strerror)
            return False
        if free < image.nbytes // _SMALLER:
            self._warn(image_id, os.strerror(errno.ENOSPC))
            return False
        return True

    def finish(self, image_id: str, image: Image) -> None:
        """Write ``image`` into the file that was begun."""
        fresh = self._fresh(image_id)
        try:
            fresh.write_bytes(as_jpeg(image))
            fresh.replace(fresh.with_suffix(".jpg"))
        except OSError as error:
            self._warn(image_id, error.strerror)

    def erase(self, image_ids: Collection[str]) -> None:
        """Delete the pictures of somebody who was erased."""
        for image_id in image_ids:
            for path in (fresh := self._fresh(image_id), fresh.with_suffix(".jpg")):
                path.unlink(missing_ok=True)

    def _fresh(self, image_id: str) -> Path:
        return self.path / f"{image_id}.new"

    def _warn(self, image_id: str, problem: str | None) -> None:
        file = self.path / f"{image_id}.jpg"
        log.warning("%s: not written (%s). Look at the disk.", file, problem)

    def delete_old(self, moment: datetime) -> int:
        """Delete the pictures older than ``days`` at ``moment``; how many they were."""
        oldest_s = (moment - timedelta(days=self.days)).timestamp()
        old = [path for path in self.path.glob("*.*") if path.stat().st_mtime < oldest_s]
        for path in old:
            path.unlink(missing_ok=True)
        if old:
            log.info("%d pictures older than %d days are deleted", len(old), self.days)
        return len(old)
