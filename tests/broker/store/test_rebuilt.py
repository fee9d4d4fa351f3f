"""Whoever changes the register past the rules is found out: the journal knows who owns whom."""

import random
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from broker.decider import Decider
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.journal.entries import Journal
from broker.journal.steps import FOUND
from broker.rules.policy import Policy
from broker.store.rebuilt import compare, differences
from broker.store.schema import migrate, migrations
from shared.outbox import open_database
from shared.sealed_file import connect
from tests.days.moves import LONG_WAITS_S, command_of
from tests.days.seeded import seeded_move
from tests.fakes import NINE
from tests.hub_fixtures import PEOPLE
from tests.office import Office

MOVES = 150
AN_OWNED = "(select registration_id from registrations where phone is not null limit 1)"


def live(decider: Decider, seed: int) -> None:
    """Some random days, with entries in time and late, hand-overs, rulings and receptions."""
    chance, office = random.Random(seed), Office(PEOPLE.order, now=NINE)
    for number in range(MOVES):
        office.now += timedelta(seconds=chance.choice(LONG_WAITS_S))
        if command := command_of(seeded_move(chance), office, number):
            office.take(command)
            with decider.atomic():
                decider.take(command)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's file after some days."""
    folder = tmp_path_factory.mktemp("lived")
    hub = open_hub(folder, PEOPLE, Policy(), lambda: NINE)
    hub.inbox.db.conn.execute("pragma synchronous = off")
    live(hub.decider, 1)
    hub.inbox.db.conn.execute("pragma wal_checkpoint(truncate)")
    hub.inbox.db.conn.close()
    return folder / "hub.sqlite3"


@pytest.fixture
def path(lived: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "hub.sqlite3"
    copy.write_bytes(lived.read_bytes())
    return copy


def change(path: Path, sql: str, values: Any = ()) -> None:
    with closing(connect(path)) as db:
        assert db.execute(sql, values).rowcount > 0
        db.commit()


def one_of(path: Path, where: str = "1") -> str:
    with closing(connect(path)) as db:
        sql = f"select registration_id from registrations where {where}"
        return str(db.execute(sql).fetchone()[0])


def told(path: Path) -> list[str]:
    return [str(difference) for difference in differences(path)]


@pytest.mark.parametrize("seed", range(2, 6))
def test_after_any_days_register_and_journal_agree(hub: Hub, tmp_path: Path, seed: int) -> None:
    live(hub.decider, seed)
    assert told(tmp_path / "hub.sqlite3") == []
    assert hub.inbox.db.table("registrations").count > 3


def test_a_register_that_nobody_touched_is_counted(path: Path) -> None:
    said: list[str] = []
    assert compare(path, said.append) == 0
    assert "registrations, each as the journal tells it" in said[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consultant_id", "somebody"),
        ("phone", "13900000000"),
        ("phone", None),
        ("registered_at", "2026-01-01T00:00:00+00:00"),
        ("registered_at", "once upon a time"),
        ("received_at", "2027-01-01T00:00:00+00:00"),
        ("entry", -1),
        ("is_late", 7),
        ("is_overruled", 7),
        ("surname", "新"),
    ],
)
def test_a_changed_field_is_found_and_both_values_are_said(
    path: Path, field: str, value: object
) -> None:
    name = one_of(path, "phone is not null")
    change(path, f"update registrations set {field} = ? where registration_id = ?", [value, name])
    (found,) = told(path)
    assert found.startswith(f"registration {name}: {field} is ")
    assert "13900000000" not in found


def test_a_plate_that_was_added_or_taken_away_is_found(path: Path) -> None:
    name = one_of(path)
    change(path, "insert into registered_plates values ('浙Z99999', ?)", [name])
    (found,) = told(path)
    assert found.startswith(f"registration {name}: plates is ")
    assert "浙Z99999" not in found
    change(path, "delete from registered_plates where registration_id = ?", [name])
    assert len(told(path)) == 1


def test_keys_for_which_an_entry_no_longer_counts_are_compared_too(path: Path) -> None:
    name = one_of(path)
    change(path, "insert into overruled_keys values (?, '13800000000')", [name])
    (found,) = told(path)
    assert found.startswith(f"registration {name}: overruled_keys is ")


def test_a_row_that_was_deleted_is_found(path: Path) -> None:
    name = one_of(path)
    change(path, "delete from registrations where registration_id = ?", [name])
    (found,) = told(path)
    assert found.startswith(f"registration {name}: by the journal ")
    assert "missing" in found


@pytest.mark.parametrize("name", ["0", "zzz"], ids=["before all others", "after all others"])
def test_a_row_that_was_added_is_found(path: Path, name: str) -> None:
    moment = "2026-01-01T00:00:00+00:00"
    change(
        path,
        "insert into registrations (registration_id, consultant_id, registered_at, received_at) "
        "values (?, 'li', ?, ?)",
        [name, moment, moment],
    )
    (found,) = told(path)
    assert found == f"registration {name}: the journal knows none such, in the file it is li's"


def test_what_is_found_is_told_with_its_end(path: Path) -> None:
    change(path, "update registrations set consultant_id = 'li' where consultant_id != 'li'")
    said: list[str] = []
    assert compare(path, said.append) == 1
    assert "keep this file" in said[-1]


def test_a_register_that_cannot_be_read_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    path.write_bytes(b"nothing of the kind" * 500)
    assert "cannot be compared" in told(path)[0]


def test_what_release_0_1_entered_without_a_word_to_its_journal_is_told_it_once(
    tmp_path: Path,
) -> None:
    path = tmp_path / "hub.sqlite3"
    db = open_database(path)
    migrations.apply(db, stop_before="keep_the_house_rules")
    row = {"registration_id": "r-1", "consultant_id": "li", "phone": "13800138000"}
    db.table("registrations").insert({**row, "registered_at": "2026-11-01T09:00:00+08:00"})
    db.table("registered_plates").insert({"plate": "浙A88888", "registration_id": "r-1"})
    migrate(db)
    db.conn.commit()
    assert told(path) == []
    assert [row["kind"] for row in db.table("journal").rows] == [FOUND]
    change(path, "update registrations set consultant_id = 'wang'")
    assert len(told(path)) == 1
    migrate(db)
    assert len(told(path)) == 1


def test_the_register_is_built_again_in_little_memory(tmp_path: Path) -> None:
    """Whatever is kept besides the entry at hand lies in a file of SQLite's own."""
    import tracemalloc

    db = open_database(tmp_path / "hub.sqlite3")
    db.conn.execute("pragma synchronous = off")
    migrations.apply(db)
    journal, register = Journal(Database(db.conn)), Decider(db, Journal(db), Policy())
    del register
    for number in range(3_000):
        body = (
            f'{{"registration_id":"r{number:06d}","consultant_id":"li","registered_at":'
            f'"2026-11-01T01:00:00Z","received_at":"2026-11-01T01:00:00Z"}}'
        )
        journal.append("known", f"r{number:06d}", body.encode(), NINE)
    db.conn.commit()
    tracemalloc.start()
    found = sum(1 for _ in differences(tmp_path / "hub.sqlite3"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 3_000  # none of them is in the file
    assert peak < 2_000_000
