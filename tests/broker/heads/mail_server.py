"""A mail server that keeps what it is sent, or refuses it."""

import socket
import threading
from dataclasses import dataclass, field
from typing import Self


@dataclass
class MailServer:
    """Speaks as much SMTP as it takes to hand over a letter."""

    refusal: str | None = None
    """The answer to a letter; None: it is taken."""
    letters: list[str] = field(default_factory=list)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, client.makefile("rwb", buffering=0) as line:
                line.write(b"220 mail\r\n")
                self._talk(line)

    def _talk(self, line: socket.SocketIO) -> None:
        while word := line.readline()[:4].upper():
            if word == b"DATA":
                line.write(b"354 go on\r\n")
                letter = b""
                while (part := line.readline()) not in (b".\r\n", b""):
                    letter += part
                if self.refusal is None:
                    self.letters.append(letter.decode())
                line.write(f"{self.refusal or '250 taken'}\r\n".encode())
            elif word == b"QUIT":
                line.write(b"221 bye\r\n")
                return
            else:
                line.write(b"250 mail\r\n")
