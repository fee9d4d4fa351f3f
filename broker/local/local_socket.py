"""The hub's socket file, by which a command on the same machine asks the hub to act.

Only those who may read the hub's folder can open it, so it needs no password and no port.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from broker.health.site_figures import Figures
from broker.local.post_box import PostBox
from broker.local.questions import OperatorRequest
from shared.errors import MessageError, OperatorError, sentence_of
from shared.words import Sentence

log = logging.getLogger(__name__)

NAME = "hub.sock"
ANSWER_WITHIN_S = 60.0
GOODBYE_S = 1.0
MOST_BYTES = 1 << 20
"""Five thousand customers who are handed over need half of it."""
_PIECE_BYTES = 1 << 16


class Answer(msgspec.Struct, frozen=True):
    """The hub's answer: the key and values of a sentence that says what is wrong; None: done."""

    error: str | None = None
    values: dict[str, str] = {}
    figures: Figures | None = None


class FiguresAsked(msgspec.Struct, frozen=True, tag=True):
    """What the site's figures are; nothing is changed by it."""


_READ_LINE = msgspec.json.Decoder(OperatorRequest | FiguresAsked)


class LocalSocket:
    """Takes one request per connection on its own thread; the hub's thread acts on it."""

    def __init__(
        self, folder: Path, post_box: PostBox, measure: Callable[[], Figures] | None = None
    ) -> None:
        """``measure`` answers who asks for figures, on the socket's thread; None: nobody does."""
        self._post_box, self._measure = post_box, measure
        self._thread = threading.Thread(target=self._serve, name="local socket", daemon=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _address(folder) as address:
            Path(address).unlink(missing_ok=True)  # left by a hub that was killed
            before = os.umask(0o177)
            try:
                self._listener.bind(address)
            finally:
                os.umask(before)
        self._listener.listen()

    def start(self) -> None:
        """Take requests in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests."""
        self._listener.shutdown(socket.SHUT_RDWR)  # else the thread would wait in `accept` for ever
        self._listener.close()
        self._thread.join(GOODBYE_S)

    def _serve(self) -> None:
        while True:
            try:
                asker, _ = self._listener.accept()
            except OSError:
                return  # closed
            with asker:
                asker.settimeout(ANSWER_WITHIN_S)
                try:
                    asker.sendall(msgspec.json.encode(self._answer(asker)) + b"\n")
                except OSError as error:
                    log.warning("who asked at the socket went away: %s", error)

    def _answer(self, asker: socket.socket) -> Answer:
        try:
            request = _READ_LINE.decode(_read_line(asker))
            if isinstance(request, FiguresAsked):
                return Answer(figures=self._measure() if self._measure else None)
            self._post_box.post(request)
        except msgspec.DecodeError as error:
            return _refused(Sentence("error.request", problem=sentence_of(error)))
        except TimeoutError:
            return _refused(Sentence("error.hub_busy"))
        except OperatorError as error:
            return _refused(error.sentence)
        return Answer()


def _refused(why: Sentence) -> Answer:
    return Answer(why.key, {name: str(value) for name, value in why.values.items()})


def ask(folder: Path, request: OperatorRequest) -> None:
    """Ask the hub whose file lies in ``folder`` to act on ``request``, and wait until it has.

    Raises:
        OperatorError: no hub is running there, or it refuses.
    """
    answer = _asked(folder, request)
    if answer.error is not None:
        raise MessageError(answer.error, **answer.values)


def ask_figures(folder: Path) -> Figures | None:
    """What the hub whose file lies in ``folder`` measures; None: an older one, which does not.

    Raises:
        OperatorError: no hub is running there.
    """
    return _asked(folder, FiguresAsked()).figures


def _asked(folder: Path, request: OperatorRequest | FiguresAsked) -> Answer:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking, _address(folder) as address:
        asking.settimeout(ANSWER_WITHIN_S)
        try:
            asking.connect(address)
            asking.sendall(msgspec.json.encode(request) + b"\n")
            return msgspec.json.decode(_read_line(asking), type=Answer)
        except (OSError, msgspec.DecodeError) as error:
            raise OperatorError("error.no_hub", folder=folder, problem=error) from error


def _read_line(connection: socket.socket) -> bytes:
    """Read to the end of the line or of the connection."""
    line = b""
    while not line.endswith(b"\n") and len(line) < MOST_BYTES:
        piece = connection.recv(_PIECE_BYTES)
        if not piece:
            break
        line += piece
    return line


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """A short path of the socket, because Linux takes no more than 107 bytes."""
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{NAME}"
    finally:
        os.close(opened)
