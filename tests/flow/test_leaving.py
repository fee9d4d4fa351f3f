"""Who leaves the company has no account from then on: at a real hub with both MQTT servers."""

import http.cookiejar
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.servers import client
from tests.site import ROOT, RunningSite, running_site
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]
ENGINES = ("mosquitto", "embedded")


class Phone:
    """A browser with its own cookies, logged in with a PIN."""

    def __init__(self, site: RunningSite, staff_id: str) -> None:
        self._base = str(site.said["console"]).rstrip("/")
        self.cookies = http.cookiejar.CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(handler)
        self.staff_id, self._pin = staff_id, site.person(staff_id)["pin"]

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(self._base + path, data, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def log_in(self) -> tuple[int, str]:
        _, page = self.open("/login")
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token
        form = {"csrf": token.group(1), "staff_id": self.staff_id, "pin": self._pin}
        return self.open("/login", form)

    def account(self) -> dict[str, str]:
        status, text = self.open("/api/account")
        assert status == 200
        found: dict[str, str] = json.loads(text)
        return found


@pytest.fixture(params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningSite]:
    with running_site(tmp_path, "--demo", "--mqtt-server", request.param) as running:
        yield running


def yingbin(site: RunningSite, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "yingbin.py"), "--lang", "en", *words]
    return subprocess.run(
        [*command, "--data", str(site.data)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )


def test_who_leaves_is_out_within_seconds_and_stays_out(site: RunningSite) -> None:
    phone = Phone(site, "wang")
    assert phone.log_in()[0] == 200
    given = phone.account()
    with (
        client(site.mqtt_port, given["username"], given["password"]) as wang,
        client(site.mqtt_port, *monitor(site)) as other,
    ):
        assert wang.is_connected()
        assert yingbin(site, "person", "leaves", "wang").returncode == 0

        assert eventually(lambda: wang.answers[-1] != "Success"), "disconnected, and refused since"
        assert other.answers == ["Success"], "nobody else was disturbed"
    assert phone.open("/api/account")[0] == 401
    assert phone.open("/api/me")[0] == 401
    status, page = phone.log_in()
    assert status == 403
    assert "已离职" in page
    accounts = json.loads((site.data / "config" / "accounts.json").read_text(encoding="utf-8"))
    assert "staff-wang" not in {account["username"] for account in accounts}


def monitor(site: RunningSite) -> tuple[str, str]:
    said = site.said["monitor"]
    return said["username"], said["password"]


def test_after_a_restart_of_everything_they_are_still_gone(tmp_path: Path) -> None:
    with running_site(tmp_path, "--demo", "--mqtt-server", "embedded") as site:
        assert yingbin(site, "person", "leaves", "wang").returncode == 0
    with running_site(tmp_path, "--demo", "--mqtt-server", "embedded") as again:
        assert "has_left" not in (tmp_path / "config" / "site.toml").read_text(encoding="utf-8")
        assert Phone(again, "wang").log_in()[0] == 403
        assert Phone(again, "li").log_in()[0] == 200
        said = yingbin(again, "person", "leaves", "wang")
        assert (said.returncode, "has left before" in said.stderr) == (1, True)
