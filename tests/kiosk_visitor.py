"""A visitor at a real kiosk, by HTTP: fills the forms that a browser would show."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar


@dataclass(frozen=True, slots=True)
class Answer:
    """The page that followed."""

    address: str
    took_s: float


class KioskVisitor:
    """One tablet. ``address`` is the log-in link that ``yingbin up --json`` tells."""

    def __init__(self, address: str) -> None:
        self._base = re.sub(r"/enter/.*", "", address)
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        self._open(address, timeout=10).read()

    def check_in(self) -> None:
        """First visit, no family, not contacted, no phone: handed over when this returns."""
        self._post("/", "/begin", language="zh-CN")
        for name, answer in (("first_visit", "yes"), ("family", "no"), ("contacted", "no")):
            self._post(f"/check-in/{name}", f"/check-in/{name}", answer=answer)
        self._post("/check-in/car", "/check-in/car", car="none")
        last = self._post("/check-in/consent", "/check-in/consent", consent="no")
        assert last.endswith("/done"), last
        self._post("/done", "/reset")

    def leave_phone(self, phone: str) -> Answer:
        """Check in with a phone; what the kiosk answers to it, and how long that took."""
        self._post("/", "/begin", language="zh-CN")
        for name, answer in (("first_visit", "yes"), ("family", "no"), ("contacted", "no")):
            self._post(f"/check-in/{name}", f"/check-in/{name}", answer=answer)
        self._post("/check-in/car", "/check-in/car", car="none")
        self._post("/check-in/consent", "/check-in/consent", consent="yes")
        asked_at = time.perf_counter()
        page = self._post("/check-in/details", "/check-in/details", phone=phone)
        answered = Answer(page, time.perf_counter() - asked_at)
        self._post("/done", "/reset")
        return answered

    def _post(self, page: str, action: str, **fields: str) -> str:
        shown = self._open(self._base + page, timeout=10).read().decode()
        token = re.search(r'name="csrf" value="([^"]+)"', shown)
        assert token, f"{page} has no form"
        body = urllib.parse.urlencode({"csrf": token.group(1), **fields}).encode()
        with self._open(self._base + action, body, timeout=10) as answer:
            return str(answer.url)


def try_check_in(visitor: KioskVisitor) -> bool:
    """Whether the kiosk took a check-in; False while the program restarts."""
    try:
        visitor.check_in()
    except (OSError, urllib.error.URLError):
        return False
    return True
