"""A visitor at a real kiosk, by HTTP: fills the forms that a browser would show."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

from tests.waiting import CAME_AT_ALL_S

POLL_S = 0.2
"""How often the last page asks who comes; see ``kiosk.js``."""
ANSWERED = ("asked:", "set_out:", "please_wait:")
"""How what the page shows begins when the hub has answered, or the page waits no longer."""
PAGE_WAITS_S = 2.9
"""Until then ``please_wait`` is the hub's word; ``answer_within_s`` is 3."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The page that came, and how long it took."""

    address: str
    took_s: float


class KioskVisitor:
    """One tablet. ``address`` is the log-in link that ``yingbin up --json`` tells."""

    def __init__(self, address: str) -> None:
        self._base = re.sub(r"/enter/.*", "", address)
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        self._open(address, timeout=CAME_AT_ALL_S).read()

    def check_in(self) -> None:
        """First visit, no family, not contacted, no phone; the kiosk has taken it on return."""
        self._come_to_consent()
        last = self._post("/check-in/consent", consent="no")
        assert last.address.endswith("/done"), last
        self._leave()

    def leave_phone(self, phone: str) -> Answer:
        """Check in with a phone; what the kiosk answers to it."""
        self._come_to_consent()
        self._post("/check-in/consent", consent="yes")
        answer = self._post("/check-in/details", phone=phone)
        self._leave()
        return answer

    def wait_for_answer(self) -> float | None:
        """Check in; ms from the last tap until the page says what the hub decided; None if it did
        not before the page stops waiting for it.
        """
        self._come_to_consent()
        last = self._post("/check-in/consent", consent="no")
        waiting_since = time.perf_counter()
        while not self._showing().startswith(ANSWERED):
            if time.perf_counter() - waiting_since > PAGE_WAITS_S:
                return None
            time.sleep(POLL_S)
        self._page("/done")
        took_s = last.took_s + time.perf_counter() - waiting_since
        self._leave()
        return took_s * 1000

    def _come_to_consent(self) -> None:
        self._post("/begin", page="/", language="zh-CN")
        for name, answer in (("first_visit", "yes"), ("family", "no"), ("contacted", "no")):
            self._post(f"/check-in/{name}", answer=answer)
        self._post("/check-in/car", car="none")

    def _leave(self) -> None:
        self._post("/reset", page="/done")

    def _showing(self) -> str:
        return str(json.loads(self._page("/assignment"))["showing"])

    def _page(self, path: str) -> str:
        with self._open(self._base + path, timeout=CAME_AT_ALL_S) as answer:
            return str(answer.read().decode())

    def _post(self, action: str, page: str | None = None, **fields: str) -> Answer:
        """Send the form of ``page``, which sends to itself unless told otherwise."""
        token = re.search(r'name="csrf" value="([^"]+)"', self._page(page or action))
        assert token, f"{page} has no form"
        body = urllib.parse.urlencode({"csrf": token.group(1), **fields}).encode()
        asked_at = time.perf_counter()
        with self._open(self._base + action, body, timeout=CAME_AT_ALL_S) as answer:
            answer.read()
            return Answer(str(answer.url), time.perf_counter() - asked_at)


def try_check_in(visitor: KioskVisitor) -> bool:
    """Whether the kiosk took a check-in; False while the program restarts."""
    try:
        visitor.check_in()
    except (OSError, urllib.error.URLError):
        return False
    return True
