"""Asks a camera of Hikvision for its alert stream, and keeps each event of it.

The camera repeats nothing: whatever happens while nobody listens is lost, so it is asked again at
once whenever the stream ends, and an event that the disk refuses is held until it takes it.
"""

import http.client
import logging
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gate.camera.settings import CameraSettings
from gate.vendors.body import Body
from shared.errors import OperatorError

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
SILENT_S = 60.0
"""A camera says every ten seconds or so that it lives."""
AT_ONCE_BYTES = 65_536
LARGEST_EVENT_BYTES = 8 * 1024 * 1024
USUAL_BOUNDARY = "boundary"
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,200})', re.IGNORECASE)
_LENGTH = re.compile(rb"^content-length:\s*(\d{1,8})\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Parts:
    """Takes a stream of parts to pieces, each as soon as it is whole."""

    boundary: bytes
    _held: bytes = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The parts that ``data`` completes, without their headers.

        Raises:
            ValueError: a part is larger than any event.
        """
        self._held += data
        found = []
        while (part := self._next()) is not None:
            found.append(part)
        if len(self._held) > LARGEST_EVENT_BYTES:
            raise ValueError(f"a part of more than {LARGEST_EVENT_BYTES} bytes")
        return found

    def _next(self) -> bytes | None:
        """The first part that is held as a whole; None: none is."""
        mark = b"--" + self.boundary
        begins = self._held.find(mark)
        if begins < 0:
            self._held = self._held[-len(mark) :]
            return None
        head_ends = re.search(rb"\r?\n\r?\n", self._held[begins:])
        if head_ends is None:
            return None
        head, start = self._held[begins : begins + head_ends.start()], begins + head_ends.end()
        stated = _LENGTH.search(head.replace(b"\r", b""))
        end = self._held.find(mark, start) if stated is None else start + int(stated[1])
        if end < 0 or end > len(self._held):
            return None
        part, self._held = self._held[start:end], self._held[end:]
        return part.strip(b"\r\n")


@dataclass(slots=True)
class _Asking:
    """A thread's work: ask, hear, ask again."""

    settings: CameraSettings
    path: str
    hear: Callable[[Body], bool]
    stop: threading.Event = field(default_factory=threading.Event)
    answer: Any = None

    def run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self.stop.is_set():
            try:
                self._hear_all()
                pause_s = FIRST_PAUSE_S
            except (OSError, http.client.HTTPException, ValueError) as error:
                if not self.stop.is_set():
                    log.warning("the camera's alert stream: %s", error)
                    pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            self.stop.wait(pause_s)

    def _hear_all(self) -> None:
        """Hear the stream to its end."""
        self.answer = _opener(self.settings).open(_url(self.settings, self.path), timeout=SILENT_S)
        with self.answer as answer:
            kind = answer.headers.get("Content-Type", "")
            named = _BOUNDARY.search(kind)
            parts = Parts((named[1] if named else USUAL_BOUNDARY).encode("latin-1"))
            log.info("the camera's alert stream is open")
            while data := answer.read1(AT_ONCE_BYTES):
                for part in parts.feed(data):
                    self._keep(part)

    def _keep(self, part: bytes) -> None:
        if not part.lstrip().startswith(b"<"):  # a picture
            return
        while not self.hear(Body(part, self.path, "application/xml")):
            if self.stop.wait(FIRST_PAUSE_S):
                return


@contextmanager
def asking(settings: CameraSettings, path: str, hear: Callable[[Body], bool]) -> Iterator[None]:
    """Hand what the camera says at ``path`` to ``hear`` inside the block; no path: do nothing.

    Raises:
        OperatorError: the settings do not say which camera.
    """
    if not path:
        yield
        return
    if not settings.address:
        raise OperatorError("error.camera_address", source=settings.source)
    work = _Asking(settings, path, hear)
    thread = threading.Thread(target=work.run, name="alert stream", daemon=True)
    thread.start()
    try:
        yield
    finally:
        work.stop.set()
        thread.join(0.25)  # it may be blocked in a read; it is a daemon


def _url(settings: CameraSettings, path: str) -> str:
    return f"http://{settings.address.removeprefix('http://').rstrip('/')}{path}"


def _opener(settings: CameraSettings) -> urllib.request.OpenerDirector:
    """Asks with the password, by digest where the camera takes it; never by way of a proxy."""
    known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, _url(settings, "/"), settings.username, settings.password)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPDigestAuthHandler(known),
        urllib.request.HTTPBasicAuthHandler(known),
    )
