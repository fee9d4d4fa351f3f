"""What gates' cameras saw for a manager who looked: in memory, for a minute, and nowhere else."""

import threading
from base64 import b64decode

from shared.clock import Stopwatch, running_s
from shared.messages import GatePicture

KEPT_S = 60.0


class GatePictures:
    """The pictures that were asked for. One thread writes, others read."""

    def __init__(self, stopwatch: Stopwatch = running_s) -> None:
        self._stopwatch, self._lock = stopwatch, threading.Lock()
        self._asked: dict[str, tuple[float, str, bytes | None]] = {}
        """By the question's id: when it was asked, of which gate, and the answer."""

    def ask(self, asked_id: str, gate_id: str) -> None:
        """Note that a picture of this gate is awaited."""
        with self._lock:
            self._forget_old()
            self._asked[asked_id] = self._stopwatch(), gate_id, None

    def keep(self, picture: GatePicture) -> None:
        """Keep the answer to a question; what nobody asked is not kept."""
        with self._lock:
            self._forget_old()
            asked_s, gate_id, _ = self._asked.get(picture.asked_id, (0.0, "", None))
            if gate_id == picture.gate_id:
                answer = b64decode(picture.jpeg)
                self._asked[picture.asked_id] = asked_s, gate_id, answer

    def found(self, asked_id: str) -> bytes | None:
        """The picture, as JPEG; None: it has not come, or is over."""
        with self._lock:
            self._forget_old()
            return self._asked.get(asked_id, (0.0, "", None))[2]

    def _forget_old(self) -> None:
        oldest = self._stopwatch() - KEPT_S
        self._asked = {name: kept for name, kept in self._asked.items() if kept[0] > oldest}
