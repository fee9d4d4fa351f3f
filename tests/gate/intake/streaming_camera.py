"""A camera of Hikvision that is asked for its alert stream; all of it invented."""

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.gate.intake.bodies import JPEG

ALIVE = (
    b"<EventNotificationAlert><eventType>videoloss</eventType>"
    b"<eventState>inactive</eventState></EventNotificationAlert>"
)
PASSWORD = "hunter2-0000"


@dataclass(slots=True)
class StreamingCamera:
    """Says what it is given in turn: each list is one connection, after which it hangs up."""

    turns: list[Sequence[bytes]]
    port: int = 0
    asked: int = 0
    refused: int = 0
    with_length: bool = True
    done: threading.Event = field(default_factory=threading.Event)


def part(document: bytes, kind: str, *, with_length: bool) -> bytes:
    length = f"Content-Length: {len(document)}\r\n" if with_length else ""
    return f"--boundary\r\nContent-Type: {kind}\r\n{length}\r\n".encode() + document + b"\r\n"


def _may(header: str, method: str) -> bool:
    """Whether it is a digest by the right password."""
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', header))
    if not header.startswith("Digest"):
        return False
    one = hashlib.md5(f"tech:{said['realm']}:{PASSWORD}".encode()).hexdigest()
    two = hashlib.md5(f"{method}:{said['uri']}".encode()).hexdigest()
    middle = f"{said['nonce']}:{said['nc']}:{said['cnonce']}:{said['qop']}"
    wanted = hashlib.md5(f"{one}:{middle}:{two}".encode()).hexdigest()
    return bool(said["response"] == wanted)


@contextmanager
def streaming(camera: StreamingCamera) -> Iterator[StreamingCamera]:
    """The camera, at ``camera.port``."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not _may(self.headers.get("Authorization", ""), "GET"):
                camera.refused += 1
                self.send_response(401)
                challenge = 'Digest realm="IP Camera", nonce="1", qop="auth"'
                self.send_header("WWW-Authenticate", challenge)
                self.end_headers()
                return
            camera.asked += 1
            self.send_response(200)
            self.send_header("Content-Type", 'multipart/mixed; boundary="boundary"')
            self.end_headers()
            if not camera.turns:
                self.wfile.write(part(ALIVE, "application/xml", with_length=True))
                self.wfile.flush()
                camera.done.wait(20)
                return
            for document in camera.turns.pop(0):
                self.wfile.write(
                    part(document, "application/xml", with_length=camera.with_length)
                    + part(JPEG, "image/jpeg", with_length=camera.with_length)
                )

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    camera.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield camera
    finally:
        camera.done.set()
        server.shutdown()
        server.server_close()
