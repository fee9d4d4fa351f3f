"""A browser at the staff's pages of a running site, without a screen: keeps its cookies."""

import json
import re
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener


class StaffBrowser:
    """Somebody's phone or desk."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """The status and the text of the page where ``path`` leads in the end."""
        body = urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(self.address + path, body, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form with this browser's token."""
        _, page = self.ask("/login")
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token
        return self.ask(path, {"csrf": token[1], **fields})

    def log_in(self, staff_id: str, pin: str) -> None:
        status, _ = self.post("/login", staff_id=staff_id, pin=pin)
        assert status == 200

    def account(self) -> dict[str, Any] | None:
        """The page's MQTT account; None: nobody is logged in."""
        status, said = self.ask("/api/account")
        return json.loads(said) if status == 200 else None

    def bring_cookie(self, value: str) -> None:
        """Bring a cookie of one's own instead of those that the pages gave."""
        self.cookies.clear()
        self._opener.addheaders = [("Cookie", f"yingbin_staff={value}")]
