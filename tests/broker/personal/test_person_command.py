"""``yingbin person`` with a running hub: finds (masked), copies, erases; and without a hub."""

import io
import json
import threading
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from pathlib import Path

import pytest
from sqlite_utils import Database

from broker.hub.opening import open_hub
from broker.journal.entries import FILE_NAME, open_read_only
from broker.local.local_socket import NAME, LocalSocket
from broker.local.post_box import PostBox
from broker.personal.person_command import main
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from broker.store.register import CustomerRegister
from shared.command_line import Terminal
from shared.errors import OperatorError
from tests.erasing import (
    OTHER_PHONE,
    PHONE,
    PLATE,
    a_whole_visit,
    left_on_the_disk,
    registration,
    somebody_else,
)
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.running_hub import acting

Running = tuple[Path, PostBox]


@pytest.fixture
def running(tmp_path: Path, clock: FakeClock) -> Iterator[Running]:
    """A hub that runs in a thread and has had visitors."""
    hub = open_hub(tmp_path / "hub", PEOPLE, Policy(), clock)
    somebody_else(hub)
    a_whole_visit(hub, clock)
    with acting(hub, tmp_path / "hub") as post_box:
        yield tmp_path, post_box


def run(data: Path, *words: str) -> list[str]:
    said = io.StringIO()
    with redirect_stdout(said):
        assert main([*words, "--data", str(data)], Terminal("en")) == 0
    return said.getvalue().splitlines()


def test_who_is_found_is_shown_masked(running: Running) -> None:
    said = "\n".join(run(running[0], "find", "--phone", PHONE))
    assert "139****1111" in said
    assert "浙B·9**99" in said
    assert PHONE not in said
    assert PLATE not in said


def test_a_person_is_found_by_plate_too(running: Running) -> None:
    by_phone = run(running[0], "find", "--phone", PHONE)
    assert run(running[0], "find", "--plate", "浙b·99999")[:3] == by_phone[:3]


def test_a_copy_holds_all_about_the_person_and_nothing_else(running: Running) -> None:
    copy = json.loads("\n".join(run(running[0], "export", "--phone", PHONE)))
    assert PHONE in copy["phones"]
    assert PLATE in copy["plates"]
    assert [registration["registration_id"] for registration in copy["registrations"]] == ["r-1"]
    assert copy["check_ins"][0]["drinks"] == ["绿茶"]
    assert OTHER_PHONE not in json.dumps(copy)


def test_a_person_is_erased_while_the_hub_runs(running: Running) -> None:
    data, _ = running
    said = run(data, "erase", "--phone", PHONE)
    assert said[0].startswith("erased: ")
    for _ in range(100):
        if not left_on_the_disk(data / "hub", PHONE):
            break
        threading.Event().wait(0.02)
    assert left_on_the_disk(data / "hub", PHONE, PLATE) == []


def test_whoever_also_stands_in_the_site_s_own_file_is_said_to(running: Running) -> None:
    data, _ = running
    (data / "config").mkdir()
    (data / "config" / "site.toml").write_text(f'phone = "{PHONE}"', encoding="utf-8")
    assert "site.toml" in run(data, "erase", "--phone", PHONE)[-1]


@pytest.mark.parametrize("purpose", ["find", "export", "erase"])
def test_every_use_is_noted_also_where_nothing_is_kept(running: Running, purpose: str) -> None:
    data, _ = running
    with pytest.raises(OperatorError, match="nothing is kept"):
        main([purpose, "--phone", "13600003333", "--data", str(data)], Terminal("en"))
    # The hub's connection belongs to its thread, so the test opens another.
    with closing(open_read_only(data / "hub" / FILE_NAME)) as db:
        rows = db.execute("select body from journal where kind = 'PersonRequest'").fetchall()
    assert [json.loads(body)["purpose"] for (body,) in rows] == [purpose]


def test_a_plate_of_two_people_is_refused(running: Running) -> None:
    data, post_box = running
    with closing(open_read_only(data / "hub" / FILE_NAME)) as db:
        (owned,) = CustomerRegister(Database(db)).find(Keys(phone=PHONE))
    post_box.post(registration(9, OTHER_PHONE, PLATE, staff_id=owned.consultant_id))
    with pytest.raises(OperatorError, match="use --phone"):
        main(["erase", "--plate", PLATE, "--data", str(data)], Terminal("en"))


def test_the_socket_is_nobody_else_s_to_open(running: Running) -> None:
    assert (running[0] / "hub" / NAME).stat().st_mode & 0o777 == 0o600


def test_without_a_running_hub_nothing_is_written_and_what_to_do_is_said(
    tmp_path: Path, clock: FakeClock
) -> None:
    open_hub(tmp_path / "hub", PEOPLE, Policy(), clock)
    with pytest.raises(OperatorError, match="start it"):
        main(["erase", "--phone", "13800138000", "--data", str(tmp_path)], Terminal("en"))
    assert left_on_the_disk(tmp_path / "hub", "13800138000") != []


def test_a_very_long_folder_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    socket = LocalSocket(folder, PostBox())
    socket.start()
    assert (folder / NAME).exists()
    socket.stop()
    assert "local socket" not in {thread.name for thread in threading.enumerate()}
