"""The Raspberry Pi's own camera, by picamera2. The only module that imports it.

picamera2 comes with Raspberry Pi OS (python3-picamera2) and is no dependency of ours.
"""

import logging
from typing import Any

from gate.camera.frame import Image
from shared.errors import OperatorError

log = logging.getLogger(__name__)

WAIT_S = 3.0
"""A camera with a loose ribbon cable reports no error, it only sends no pictures."""
LONGEST_FPS = 15.0
"""The highest rate that is asked for: the gate reads five frames a second, more cost time."""


class PiCapture:
    """A Capture over picamera2: ``grab`` takes a picture from the queue, ``retrieve`` copies it."""

    def __init__(self, camera: Any) -> None:
        self._camera = camera
        self._request: Any = None

    def grab(self) -> bool:
        """See Capture."""
        self._let_go()
        try:
            self._request = self._camera.capture_request(wait=WAIT_S)
        except (TimeoutError, RuntimeError) as error:
            log.warning("the Pi camera fell silent: %s", str(error) or "no picture came")
            return False
        return True

    def retrieve(self) -> tuple[bool, Image | None]:
        """See Capture."""
        if self._request is None:
            return False, None
        return True, self._request.make_array("main")

    def release(self) -> None:
        """See Capture."""
        self._let_go()
        self._camera.cancel_all_and_flush()  # a picture that never comes would delay the stop
        self._camera.stop()
        self._camera.close()

    def _let_go(self) -> None:
        """Give the picture's buffer back to the camera, which has only six."""
        if self._request is not None:
            self._request.release()
            self._request = None


def open_pi_camera(size_px: tuple[int, int]) -> PiCapture | None:
    """Start this Pi's first camera; None: none is plugged in, or another program has it.

    Raises:
        OperatorError: picamera2 is not installed.
    """
    camera_class = require_picamera2()
    camera = None
    try:
        camera = camera_class()
        # libcamera names formats by their bytes from the last on: its RGB888 is BGR in memory.
        settings = camera.create_video_configuration(
            main={"size": size_px, "format": "RGB888"}, controls={"FrameRate": LONGEST_FPS}
        )
        camera.configure(settings)
        camera.start()
    except (IndexError, RuntimeError) as error:  # no camera, or one that is busy or broken
        log.warning("the Pi camera does not start: %s", error)
        if camera is not None:
            camera.close()
        return None
    return PiCapture(camera)


def require_picamera2() -> Any:
    """picamera2's class. Raises: OperatorError: it is missing, or does not fit this Python."""
    try:
        from picamera2 import Picamera2
    except (ImportError, ValueError) as error:  # ValueError: built for another release of numpy
        raise OperatorError("error.picamera", problem=error) from error
    return Picamera2
