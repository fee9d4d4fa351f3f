"""Somebody's screens at the soaked hub: the console, the wall and a phone ask again and again."""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar

from broker.console.tickets import login_path
from broker.console.wall_ticket import wall_ticket
from shared.clock import now

WALL_EVERY_S = 2.0
"""As ``wall.js`` asks; the console asks less often."""
ANSWER_WITHIN_S = 20.0


@dataclass(slots=True)
class Asked:
    """How often the pages were asked, and what went wrong."""

    count: int = 0
    wrong: str | None = None
    """The last refusal, or silence."""


@contextmanager
def screens(url: str, secret_key: str, speed: float) -> Iterator[Asked]:
    """The three of them, in a thread, until the block ends."""
    asked, ended = Asked(), threading.Event()
    wall = f"/wall/{wall_ticket(secret_key, '1')}/live"
    manager, consultant = _Browser(url, secret_key, "boss0"), _Browser(url, secret_key, "c0")
    shown = ((manager, "/live"), (manager, wall), (consultant, "/api/account"))

    def ask() -> None:
        while not ended.wait(WALL_EVERY_S / speed):
            for browser, path in shown:
                asked.count += 1
                try:
                    browser.get(path)
                except OSError as error:
                    asked.wrong = f"{path}: {error}"

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield asked
    finally:
        ended.set()
        thread.join()


class _Browser:
    """One person's, logged in by the QR code."""

    def __init__(self, url: str, secret_key: str, staff_id: str) -> None:
        self._url = url
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._open = urllib.request.build_opener(cookies).open
        self.get(login_path(secret_key, staff_id, now() + timedelta(minutes=10)))

    def get(self, path: str) -> None:
        with self._open(self._url + path, timeout=ANSWER_WITHIN_S) as answer:
            answer.read()
