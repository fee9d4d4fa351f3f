"""A whole site on a disk that becomes full: everybody is received, nothing is lost or doubled."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest

from broker.journal.verify import problems
from broker.store.rebuilt import differences
from tests.kiosk_visitor import KioskVisitor
from tests.servers import client, wait_for_port
from tests.site import FROM_THE_TREE, RunningSite, running_site
from tests.small_disk import SmallDisk, small_disk
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
    return [name for (name,) in site.query("select arrival_id from arrivals order by rowid")]


def fill_until_unsaved(disk: SmallDisk, site: RunningSite) -> None:
    """Somebody takes all the room, the reserve's too, while cars arrive."""

    def is_unsaved() -> bool:
        disk.fill()
        return bool(health(site)["status"] == "unsaved")

    assert eventually(is_unsaved)


def test_a_site_whose_disk_is_full_receives_everybody_and_saves_it_all_later(
    disk: SmallDisk, tmp_path: Path
) -> None:
    data, root = disk.folder / "data", "yingbin/v1"
    with (
        (tmp_path / "log").open("w") as log,
        running_site(data, "--demo", "--every", "1", log=log) as site,
        client(
            site.mqtt_port, site.said["monitor"]["username"], site.said["monitor"]["password"]
        ) as monitor,
    ):
        monitor.listen(f"{root}/{site.site}/gate/+/arrival", f"{root}/{site.site}/alert/#")
        visitor = KioskVisitor(site.said["kiosk"])
        assert visitor.wait_for_host() is not None
        assert eventually(lambda: len(arrivals(site)) > 1)
        fill_until_unsaved(disk, site)
        saved = arrivals(site)
        seen = {json.loads(body)["arrival_id"] for topic, body in monitor.heard if "gate" in topic}
        assert visitor.wait_for_host() is not None
        assert answers(site)
        assert arrivals(site) == saved
        assert eventually(lambda: any("磁盘已满" in body.decode() for _, body in monitor.heard))
        said = health(site)
        assert (said["disk"], said["free_mb"]) == ("disk_full", 0)
        disk.make_room()
        assert eventually(lambda: health(site) == {"status": "ok"})
        assert eventually(lambda: seen <= set(arrivals(site)))
        assert eventually(lambda: len(site.query("select * from check_ins")) == 2)
        kept = arrivals(site)
        assert kept[: len(saved)] == saved
        assert len(kept) == len(set(kept))
        urgent = {
            json.loads(body)["alert_id"]
            for topic, body in monitor.heard
            if "alert/role/manager" in topic and "写不进" in json.loads(body).get("title", "")
        }
        assert 1 <= len(urgent) <= 3  # the hub's disk, the gate's and the tablet's are one here
    file = data / "hub" / "hub.sqlite3"
    assert list(problems(file)) == []
    assert list(differences(file)) == []
    said_by_all = (tmp_path / "log").read_text(encoding="utf-8")
    assert said_by_all.count("the hub is ready") == 1
    assert "Traceback" not in said_by_all


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
            assert KioskVisitor(site.said["kiosk"]).wait_for_host() is not None
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
            assert visitor.wait_for_host() is not None
            assert answers(site)
            disk.become("rw")
            assert eventually(lambda: health(site) == {"status": "ok"})
            assert eventually(lambda: len(site.query("select * from check_ins")) == 2)
            assert eventually(lambda: len(arrivals(site)) > len(before))
            assert [process.poll() for process in programs.values()] == [None] * 4
    kept = arrivals(site)
    assert kept[: len(before)] == before
    assert len(kept) == len(set(kept))
    assert list(problems(data / "hub" / "hub.sqlite3")) == []
