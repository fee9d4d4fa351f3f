"""The links by which visitors' own phones come in: each is good once, and not for long.

They are in memory only: after a restart of the program every older one is over.
"""

import secrets
import threading

from shared.clock import Stopwatch

GOOD_S = 180
"""Long enough to join the Wi-Fi; short enough that a photograph of the code is soon worthless."""
SHOWN_S = 60
"""A screen shows another one after this, or as soon as one phone has used it."""
MOST_LINKS = 2000


class DoorLinks:
    """Hands links out and takes them back; may be used from any thread."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._made_s: dict[str, float] = {}
        """When each link was made that nobody has used, the oldest first."""
        self._shown = ""

    def fresh(self) -> str:
        """A link of its own, for one phone."""
        with self._lock:
            return self._make()

    def shown(self) -> str:
        """The link that the screens show now."""
        with self._lock:
            if self._age_s(self._shown) >= SHOWN_S:
                self._shown = self._make()
            return self._shown

    def is_good(self, link: str) -> bool:
        """Whether ``link`` would still let a phone in."""
        with self._lock:
            return self._age_s(link) < GOOD_S

    def use(self, link: str) -> bool:
        """Whether ``link`` lets a phone in; it does so once."""
        with self._lock:
            is_good = self._age_s(link) < GOOD_S
            self._made_s.pop(link, None)
            return is_good

    def _age_s(self, link: str) -> float:
        """How old it is; endless for one that was used, or was never made here."""
        return self._stopwatch() - self._made_s.get(link, float("-inf"))

    def _make(self) -> str:
        for link in tuple(self._made_s):
            if self._age_s(link) < GOOD_S and len(self._made_s) < MOST_LINKS:
                break
            del self._made_s[link]
        link = secrets.token_urlsafe(12)
        self._made_s[link] = self._stopwatch()
        return link
