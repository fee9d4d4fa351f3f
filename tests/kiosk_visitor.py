"""A visitor at a real kiosk, by HTTP: fills the forms that a browser would show."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


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
