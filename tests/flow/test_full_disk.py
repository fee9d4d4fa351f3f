"""A whole site on a disk that becomes full: everybody is received, nothing is lost or doubled."""

import json
import resource
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest

from broker.journal.verify import problems
from broker.store.rebuilt import differences
from tests.kiosk_visitor import KioskVisitor
from tests.servers import Watcher, client, wait_for_port
from tests.site import CARS, CHECK_INS, FROM_THE_TREE, RunningSite, running_site
from tests.small_disk import SmallDisk, card, small_disk
from tests.staff_browser import StaffBrowser
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]

DISK_MB = 160
"""Room for a site, the reserve, and a pile of pictures."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", DISK_MB) as made:
        yield made


def health(site: RunningSite) -> dict[str, Any]:
    address = f"{site.said['console'].rstrip('/')}/health"
    with urllib.request.urlopen(address, timeout=CAME_AT_ALL_S) as answer:
        assert answer.status == 200
        found: dict[str, Any] = json.loads(answer.read())
    return found


def answers(site: RunningSite) -> bool:
    """Whether every page that needs no log-in answers."""
    for base in (site.said["kiosk"], site.said["console"], site.said["handheld"]):
        with urllib.request.urlopen(base, timeout=CAME_AT_ALL_S) as answer:
            if answer.status != 200:
                return False
    return True


def arrivals(site: RunningSite) -> list[str]:
    return [name for (name,) in site.query(CARS)]


def fill_until_unsaved(disk: SmallDisk, site: RunningSite) -> None:
    """Somebody takes all the room, the reserve's too, while cars arrive."""

    def is_unsaved() -> bool:
        disk.fill()
        return bool(health(site)["status"] == "unsaved")

    assert eventually(is_unsaved)


def ids_of(monitor: Watcher, topic: str, name: str) -> set[str]:
    """The ids, under ``name``, of what was heard on topics with these words."""
    return {json.loads(body)[name] for heard, body in monitor.heard if topic in heard}


def monitor_of(site: RunningSite) -> AbstractContextManager[Watcher]:
    """A client that may hear everything."""
    account = site.said["monitor"]
    return client(site.mqtt_port, account["username"], account["password"])


def receives(site: RunningSite, visitor: KioskVisitor) -> bool:
    """Whether the hub decides on who checks in now, and the tablet is told."""
    with monitor_of(site) as tablet:
        tablet.listen(f"yingbin/v1/{site.site}/kiosk/+/assignment")
        visitor.check_in()
        return eventually(lambda: bool(tablet.heard))


def assert_each_once(kept: list[str], before: list[str]) -> None:
    """What was saved before stands first, and nothing stands twice."""
    assert kept[: len(before)] == before
    assert len(kept) == len(set(kept))


def assert_sound(data: Path) -> None:
    """The hub's file is whole, and its tables are what its journal tells."""
    file = data / "hub" / "hub.sqlite3"
    assert list(problems(file)) == []
    assert list(differences(file)) == []


def assert_a_new_log_in_hears_everything(site: RunningSite) -> None:
    """Somebody comes to work now: their page gets an account that the MQTT server knows."""
    person = site.said["people"][0]
    browser = StaffBrowser(str(site.said["console"]))
    browser.log_in(person["staff_id"], person["pin"])
    account = browser.account()
    assert account is not None
    with client(site.mqtt_port, account["username"], account["password"]) as page:
        assert page.is_connected()


def test_a_site_whose_disk_is_full_receives_everybody_and_saves_it_all_later(
    disk: SmallDisk, tmp_path: Path
) -> None:
    data = disk.folder / "data"
    with (
        (tmp_path / "log").open("w") as log,
        running_site(data, "--demo", "--every", "1", log=log) as site,
        monitor_of(site) as monitor,
    ):
        root = f"yingbin/v1/{site.site}"
        monitor.listen(f"{root}/gate/+/arrival", f"{root}/alert/#")
        visitor = KioskVisitor(site.said["kiosk"])
        assert receives(site, visitor)
        assert eventually(lambda: len(arrivals(site)) > 1)
        fill_until_unsaved(disk, site)
        saved, seen = arrivals(site), ids_of(monitor, "/arrival", "arrival_id")
        assert receives(site, visitor)
        assert answers(site)
        assert arrivals(site) == saved
        assert eventually(lambda: any("磁盘已满" in body.decode() for _, body in monitor.heard))
        assert health(site)["disk"] == "disk_full"
        assert_a_new_log_in_hears_everything(site)
        disk.make_room()
        assert eventually(lambda: health(site)["status"] == "ok")
        assert eventually(lambda: seen <= set(arrivals(site)))
        assert eventually(lambda: len(site.query(CHECK_INS)) == 2)
        assert_each_once(arrivals(site), saved)
    assert_sound(data)
    said_by_all = (tmp_path / "log").read_text(encoding="utf-8")
    assert said_by_all.count("the hub is ready") == 1
    assert "Traceback" not in said_by_all


def test_a_hub_whose_disk_fails_in_mid_traffic_goes_on_and_saves_when_it_works_again(
    tmp_path: Path,
) -> None:
    with (
        (tmp_path / "log").open("w") as log,
        running_site(tmp_path / "data", "--demo", "--every", "1", log=log) as site,
    ):
        visitor = KioskVisitor(site.said["kiosk"])
        assert receives(site, visitor)
        (hub,) = site.pids("broker hub")
        usual = resource.prlimit(hub, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        assert eventually(lambda: bool(health(site)["status"] == "unsaved"))
        assert health(site)["disk"] == "disk_failing"
        saved = arrivals(site)
        assert receives(site, visitor)
        assert answers(site)
        assert arrivals(site) == saved
        resource.prlimit(hub, resource.RLIMIT_FSIZE, usual)
        assert eventually(lambda: health(site)["status"] == "ok")
        assert eventually(lambda: len(site.query(CHECK_INS)) == 2)
        assert site.pids("broker hub") == [hub]
        assert_each_once(arrivals(site), saved)
    assert_sound(tmp_path / "data")


@contextmanager
def running(program: str, config: Path, log: TextIO) -> Iterator[subprocess.Popen[bytes]]:
    """One service, as systemd runs it."""
    command = [*FROM_THE_TREE, program, "--config", str(config / f"{program}.toml")]
    process = subprocess.Popen(command, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(CAME_AT_ALL_S)


def test_a_site_that_starts_on_a_read_only_disk_receives_everybody_and_saves_it_once_it_can(
    disk: SmallDisk, tmp_path: Path
) -> None:
    data = disk.folder / "data"
    with (tmp_path / "log").open("w") as log:
        with running_site(data, "--demo", "--every", "1", log=log) as site:
            assert receives(site, KioskVisitor(site.said["kiosk"]))
            assert eventually(lambda: bool(arrivals(site)))
        before = arrivals(site)
        disk.become("ro")
        with ExitStack() as services:
            programs = {
                name: services.enter_context(running(name, data / "config", log))
                for name in ("mqtt", "hub", "kiosk", "gate")
            }
            port = int(site.said["kiosk"].split(":")[2].split("/")[0])
            for each in (port, port + 1):
                wait_for_port(each)
            assert health(site)["disk"] == "disk_read_only"
            visitor = KioskVisitor(site.said["kiosk"])
            assert receives(site, visitor)
            assert answers(site)
            disk.become("rw")
            assert eventually(lambda: health(site)["status"] == "ok")
            assert eventually(lambda: len(site.query(CHECK_INS)) == 2)
            assert eventually(lambda: len(arrivals(site)) > len(before))
            assert [process.poll() for process in programs.values()] == [None] * 4
    assert_each_once(arrivals(site), before)
    assert_sound(data)


@pytest.mark.parametrize("on_it", ["hub", "."])
def test_a_card_that_becomes_read_only_in_mid_traffic_stops_nobody(
    tmp_path: Path, on_it: str
) -> None:
    data = tmp_path / "data"
    with (
        (tmp_path / "log").open("w") as log,
        card(tmp_path / "image", data / on_it) as broken,
    ):
        with running_site(data, "--demo", "--every", "1", log=log) as site:
            assert receives(site, KioskVisitor(site.said["kiosk"]))
            assert eventually(lambda: bool(arrivals(site)))
            saved = arrivals(site)
            broken.fail()
            is_hub_s = on_it in ("hub", ".")
            if is_hub_s:
                assert eventually(lambda: bool(health(site)["status"] == "unsaved"))
                assert health(site)["disk"] == "disk_read_only"
            assert receives(site, KioskVisitor(site.said["kiosk"]))
            assert answers(site)
        broken.replace()
        with running_site(data, "--demo", "--every", "1", log=log) as site:
            expected = 1 if on_it == "." else 2  # nothing but memory held the second one
            assert eventually(lambda: len(site.query(CHECK_INS)) == expected)
            assert eventually(lambda: len(arrivals(site)) > len(saved))
        assert_each_once(arrivals(site), saved)
        assert_sound(data)
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_up_runs_a_site_on_a_disk_that_has_become_read_only(
    disk: SmallDisk, tmp_path: Path
) -> None:
    data, options = disk.folder / "data", ("--demo", "--every", "1")
    with (tmp_path / "log").open("w") as log:
        with running_site(data, *options, log=log) as site:
            first = site.said
        disk.become("ro")
        port = int(str(first["mqtt"]).rsplit(":", 1)[1])
        with running_site(data, *options, log=log, port=port) as site:
            assert health(site)["disk"] == "disk_read_only"
            assert receives(site, KioskVisitor(site.said["kiosk"]))
            assert answers(site)
        refused = start_up(data, "--demo", "--port", str(port + 100))
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "the disk takes nothing new" in refused.stderr
        disk.become("rw")
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_up_says_in_a_sentence_that_a_disk_takes_no_new_site(disk: SmallDisk) -> None:
    disk.become("ro")
    refused = start_up(disk.folder / "data", "--demo")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "Read-only file system" in refused.stderr
    disk.become("rw")


def start_up(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """``yingbin up`` that ends by itself."""
    return subprocess.run(
        [*FROM_THE_TREE, "--lang", "en", "up", "--data", str(data), *options],
        capture_output=True,
        text=True,
        timeout=CAME_AT_ALL_S,
        check=False,
    )
