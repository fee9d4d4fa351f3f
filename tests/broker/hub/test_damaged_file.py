"""The hub starts with every file, keeps what can be read, and the manager hears of it."""

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from broker.doctor import files
from broker.doctor.patient import Patient
from broker.handlers.context import Hub
from broker.handlers.mended_files import MENDED
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.journal.entries import FILE_NAME
from broker.journal.verify import problems
from broker.rules.policy import Policy
from broker.store.rebuilt import differences
from shared.file_check import Trouble, suspecting, trouble_of
from shared.mending import PROBLEM, set_aside
from shared.messages import Alert, Level
from shared.sealed_file import connect, sqlite3
from shared.sealing import seal
from tests.damage import DAMAGES, break_header, break_page, cut, empty
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.samples import arrival

CARS = 60


@pytest.fixture(autouse=True)
def sealed(tmp_path: Path) -> None:
    """The file is sealed, as at every site."""
    seal(tmp_path, tmp_path / "hub.data.key")


def busy_site(folder: Path, clock: FakeClock) -> tuple[list[str], int]:
    """A hub's file after a morning; the ids of its registrations, and its journal's length."""
    hub = open_hub(folder, PEOPLE, Policy(), clock)
    for number in range(CARS):
        clock.moment += timedelta(seconds=20)
        handle(hub, arrival(f"浙A{10000 + number}", number + 1, seen_at=clock.moment))
    hub.journal.seal()
    db = hub.inbox.db
    ids = [row[0] for row in db.execute("select registration_id from registrations")]
    (length,) = db.execute("select count(*) from journal").fetchone()
    db.close()
    return ids, int(length)


def opened(folder: Path, clock: FakeClock) -> Hub:
    return open_hub(folder, PEOPLE, Policy(), clock)


def count(hub: Hub, table: str) -> int:
    return int(hub.inbox.db.execute(f"select count(*) from {table}").fetchone()[0])


def use_all(path: Path) -> None:
    """Read every table, as a hub does in the course of its days."""
    tables = "select name from sqlite_master where type = 'table'"
    with suspecting(path), closing(connect(path)) as db:
        db.execute("pragma writable_schema = on")
        for (table,) in db.execute(tables).fetchall():
            db.execute(f"select * from {table}").fetchall()


def alarms(hub: Hub) -> list[Alert]:
    waiting = (each.message for each in hub.outbox.waiting(1000))
    return [
        message
        for message in waiting
        if isinstance(message, Alert)
        and message.role == "manager"
        and message.level is Level.URGENT
        and "中枢" in message.text
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_hub_starts_with_any_file_and_the_manager_is_told(
    tmp_path: Path, clock: FakeClock, damage: Callable[[Path], None]
) -> None:
    busy_site(tmp_path, clock)
    damage(tmp_path / FILE_NAME)
    hub = opened(tmp_path, clock)
    assert len(alarms(hub)) == 1
    assert hub.found_at_start == PROBLEM
    assert hub.inbox.db.execute("select 1 from journal where kind = ?", [MENDED]).fetchone()
    handle(hub, arrival("浙A77777", 900, seen_at=clock.moment))
    hub.inbox.db.close()
    assert trouble_of(tmp_path / FILE_NAME) is None
    again = opened(tmp_path, clock)
    assert again.found_at_start is None


@pytest.mark.parametrize("damage", [break_header, break_page, cut, empty])
def test_the_damaged_file_is_kept_beside_the_new_one(
    tmp_path: Path, clock: FakeClock, damage: Callable[[Path], None]
) -> None:
    busy_site(tmp_path, clock)
    path = tmp_path / FILE_NAME
    damage(path)
    was = path.read_bytes()
    opened(tmp_path, clock)
    (aside,) = set_aside(path)
    assert aside.read_bytes() == was


def test_a_broken_header_costs_no_entry(tmp_path: Path, clock: FakeClock) -> None:
    ids, length = busy_site(tmp_path, clock)
    break_header(tmp_path / FILE_NAME)
    hub = opened(tmp_path, clock)
    assert count(hub, "journal") > length
    assert count(hub, "arrivals") == CARS
    assert hub.inbox.db.execute("select registration_id from registrations").fetchall() == [
        (key,) for key in ids
    ]
    hub.inbox.db.close()
    assert list(problems(tmp_path / FILE_NAME)) == []
    assert list(differences(tmp_path / FILE_NAME)) == []


def test_every_page_but_the_first_may_be_broken_and_most_entries_are_saved(
    tmp_path: Path, clock: FakeClock
) -> None:
    _, length = busy_site(tmp_path / "sound", clock)
    pages = (tmp_path / "sound" / FILE_NAME).stat().st_size // 4096
    few = 0
    for page in range(1, pages, 7):
        folder = tmp_path / str(page)
        shutil.copytree(tmp_path / "sound", folder)
        with (folder / FILE_NAME).open("r+b") as file:
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
        hub = opened(folder, clock)
        few += count(hub, "journal") < length - 40
        hub.inbox.db.close()
    assert few <= 1  # the page at the root of the journal


def test_a_changed_letter_in_the_journal_does_not_stop_the_hub(
    tmp_path: Path, clock: FakeClock
) -> None:
    _, length = busy_site(tmp_path, clock)
    path = tmp_path / FILE_NAME
    with closing(connect(path)) as db, db:
        db.execute("update journal set body = '{' where seq = (select max(seq) - 3 from journal)")
    assert trouble_of(path) is None
    hub = opened(tmp_path, clock)
    assert len(alarms(hub)) == 1
    assert count(hub, "journal") >= length - 1


def test_the_first_start_of_a_site_is_no_alarm(tmp_path: Path, clock: FakeClock) -> None:
    hub = opened(tmp_path, clock)
    assert alarms(hub) == []
    assert hub.found_at_start is None


def test_a_sound_file_is_left_alone(tmp_path: Path, clock: FakeClock) -> None:
    busy_site(tmp_path, clock)
    hub = opened(tmp_path, clock)
    assert hub.found_at_start is None
    assert set_aside(tmp_path / FILE_NAME) == []


def test_a_large_file_is_checked_for_a_moment_only_unless_damage_has_shown_itself(
    tmp_path: Path, clock: FakeClock
) -> None:
    busy_site(tmp_path, clock)
    path = tmp_path / FILE_NAME
    break_page(path)
    assert trouble_of(path, within_s=0.0) is None
    with pytest.raises(sqlite3.DatabaseError):
        use_all(path)
    assert trouble_of(path, within_s=0.0) is Trouble.DAMAGED


def test_doctor_names_the_file_set_aside_until_somebody_takes_it_away(
    tmp_path: Path, clock: FakeClock
) -> None:
    busy_site(tmp_path, clock)
    path = tmp_path / FILE_NAME
    break_header(path)
    opened(tmp_path, clock)
    patient = cast(
        "Patient", SimpleNamespace(database=tmp_path, folder=tmp_path, clock=clock, edges={})
    )
    assert [found.key for found in files.mended(patient)] == ["file_set_aside", "file_was_mended"]
    set_aside(path)[0].unlink()
    assert [found.is_wrong for found in files.mended(patient)] == [False]
