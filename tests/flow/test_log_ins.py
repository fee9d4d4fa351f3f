"""Who logs out, is signed out or leaves is out at once at a running site, page and MQTT alike."""

import subprocess
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import ANY

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from broker.console.app import create_app
from broker.console.guard import SESSION_LIFETIME
from broker.console.tickets import login_path
from broker.console.wall_ticket import wall_ticket
from broker.handlers.context import Hub
from broker.hub.page_accounts import PageAccounts
from broker.mqtt_server.accounts import new_account
from shared.topics import Party
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import LI, FakeSite
from tests.fakes import FakeClock
from tests.servers import Watcher, client, mqtt_server
from tests.site import FROM_THE_TREE, RunningSite, running_site
from tests.staff_browser import StaffBrowser
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]

OUT_WITHIN_S = 2.0


@pytest.fixture(scope="module", params=["mosquitto", "embedded"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    data = tmp_path_factory.mktemp(request.param)
    with running_site(data, "--demo", "--mqtt-server", request.param) as running:
        yield running


def logged_in(site: RunningSite, staff_id: str) -> StaffBrowser:
    browser = StaffBrowser(str(site.said["console"]))
    browser.log_in(staff_id, str(site.person(staff_id)["pin"]))
    return browser


@contextmanager
def page_of(site: RunningSite, browser: StaffBrowser) -> Iterator[threading.Event]:
    """The page's MQTT connection; the event is set when it ends."""
    account = browser.account()
    assert account
    with client(site.mqtt_port, account["username"], account["password"]) as page:
        assert page.answers == ["Success"], "a new account is let in at the first try"
        yield watched(page)


def watched(page: Watcher) -> threading.Event:
    ended = threading.Event()
    page.client.on_disconnect = lambda *_: ended.set()
    page.client.reconnect_delay_set(60, 60)
    return ended


def consultants(site: RunningSite) -> list[str]:
    return [each["staff_id"] for each in site.said["people"] if "consultant" in each["roles"]]


def manager(site: RunningSite) -> str:
    return next(str(each["staff_id"]) for each in site.said["people"] if "manager" in each["roles"])


def copy_of(browser: StaffBrowser) -> StaffBrowser:
    """Another browser, with the same cookies."""
    stolen = StaffBrowser(browser.address)
    for cookie in browser.cookies:
        stolen.cookies.set_cookie(cookie)
    return stolen


def log_out(_site: RunningSite, browser: StaffBrowser, _staff_id: str) -> None:
    browser.post("/logout")


def sign_out_at_the_console(site: RunningSite, _browser: StaffBrowser, staff_id: str) -> None:
    status, _ = logged_in(site, manager(site)).post(f"/sign-out/{staff_id}")
    assert status == 200


def by_command(*words: str) -> Callable[[RunningSite, StaffBrowser, str], None]:
    def run(site: RunningSite, _browser: StaffBrowser, staff_id: str) -> None:
        command = [*FROM_THE_TREE, "person", *words, "--data", str(site.data), staff_id]
        subprocess.run(command, check=True, capture_output=True)

    return run


WAYS = {
    "log_out": log_out,
    "console": sign_out_at_the_console,
    "command": by_command("sign-out"),
    "leaves": by_command("leaves"),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_out_is_out_at_once_with_every_copy_of_the_cookie(
    site: RunningSite, way: str
) -> None:
    staff_id = consultants(site)[0]
    browser, other = logged_in(site, staff_id), logged_in(site, consultants(site)[1])
    with page_of(site, browser) as ended, page_of(site, other) as other_ended:
        stolen = copy_of(browser)
        assert stolen.account() is not None
        WAYS[way](site, browser, staff_id)
        assert ended.wait(OUT_WITHIN_S), f"{way}: still connected after {OUT_WITHIN_S} s"
        assert stolen.account() is None
        assert "/login" in stolen.ask("/handheld")[1]
        assert not other_ended.is_set()


def test_a_restart_of_the_hub_logs_nobody_out_and_brings_nobody_back(site: RunningSite) -> None:
    here, gone = logged_in(site, manager(site)), logged_in(site, manager(site))
    stolen = copy_of(gone)
    before = here.account()
    gone.post("/logout")
    site.kill("broker hub")

    def password() -> object:
        try:
            return (here.account() or {}).get("password")
        except OSError:
            return None

    assert eventually(lambda: password() is not None)
    assert password() == (before or {})["password"]
    assert stolen.account() is None


def test_a_log_in_link_opens_one_phone_only(site: RunningSite) -> None:
    path = str(site.person(consultants(site)[2])["log_in"]).removeprefix(
        str(site.said["console"]).rstrip("/")
    )
    first, second = (StaffBrowser(str(site.said["console"])) for _ in range(2))
    assert first.ask(path)[0] == 200
    assert first.account() is not None
    assert second.ask(path)[0] == 403
    assert second.account() is None


def test_with_all_files_of_the_tablet_nobody_becomes_manager(site: RunningSite) -> None:
    kiosk = site.data / "config" / "kiosk.toml"
    files = [kiosk, *(path for path in (site.data / "kiosk").rglob("*") if path.is_file())]
    settings = tomllib.loads(kiosk.read_text(encoding="utf-8"))
    hub = tomllib.loads((site.data / "config" / "hub.toml").read_text(encoding="utf-8"))
    holds = b"".join(path.read_bytes() for path in files)
    assert hub["secret_key"].encode() not in holds
    for person in site.said["people"]:
        assert person["pin"].encode() not in kiosk.read_bytes()

    stranger = StaffBrowser(str(site.said["console"]))
    for secret in (settings["secret_key"], settings["enrol_token"], settings["mqtt"]["password"]):
        for path in forged(secret, manager(site)):
            assert stranger.ask(path)[0] == 403, path
        stranger.bring_cookie(forged_cookie(secret, manager(site)))
        assert stranger.account() is None
        assert "/login" in stranger.ask("/")[1]
    for username in ("hub", "monitor", "gate-north", "staff-" + manager(site)):
        with client(site.mqtt_port, username, settings["mqtt"]["password"]) as thief:
            assert thief.answers[0] != "Success"


def forged(secret: str, staff_id: str) -> tuple[str, ...]:
    """Addresses that open something, signed with ``secret``."""
    until = datetime.now(UTC) + timedelta(hours=1)
    return (login_path(secret, staff_id, until), f"/wall/{wall_ticket(secret, '1')}")


def forged_cookie(secret: str, staff_id: str) -> str:
    app = Flask("forger")
    app.secret_key = secret
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    return str(signer.dumps({"staff_id": staff_id, "log_in": "guessed", "stamp": "x"}))


@pytest.mark.parametrize("engine", ["mosquitto", "embedded"])
def test_a_page_that_stays_open_is_out_after_fourteen_hours(
    tmp_path: Path, engine: str, hub: Hub, clock: FakeClock
) -> None:
    """The hub's clock is moved; its loop looks four times a second."""
    app = create_app(FakeSite(), "a key for tests", clock, log_ins=hub.log_ins)
    browser, staying = Browser(app), [new_account(Party.HUB, "hub")]
    with mqtt_server(tmp_path, engine, staying) as server:
        accounts = PageAccounts(server.folder / "accounts.json", hub)
        accounts.step()
        assert browser.log_in("li", LI.pin).status_code == 303
        given = browser.get("/api/account").json
        assert given
        accounts.step()
        assert eventually(partial(lets_in, server.port, given))
        with client(server.port, given["username"], given["password"]) as page:
            assert page.is_connected()
            ended = watched(page)
            clock.pass_s(SESSION_LIFETIME.total_seconds() - 60)
            accounts.step()
            assert browser.get("/api/account").json == given | {"server_time": ANY}
            assert not ended.is_set()
            clock.pass_s(60)
            accounts.step()
            assert ended.wait(OUT_WITHIN_S)
        assert browser.get("/api/account").status_code == 401
        assert "/login" in browser.get("/handheld").headers["Location"]
        assert not lets_in(server.port, given)


def lets_in(port: int, account: dict[str, str]) -> bool:
    with client(port, account["username"], account["password"]) as page:
        return page.answers[-1:] == ["Success"]
