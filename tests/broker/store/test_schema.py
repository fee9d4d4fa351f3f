"""A file of an older release: open alerts stay open, and a copy of the file is kept beside it."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from broker.alerts.life import Kind
from broker.store.alert_groups import AlertGroups
from broker.store.schema import migrate, migrations
from shared.outbox import open_database
from tests.fakes import NINE

LATER = NINE + timedelta(minutes=10)


def alert(db: Database, alert_id: str, *, is_host_call: bool, **more: object) -> None:
    body = {
        "alert_id": alert_id,
        "visit_id": "v1",
        "staff_id": "li" if is_host_call else None,
        "role": None if is_host_call else "door",
        "raised_at": NINE.isoformat(),
        "expires_at": LATER.isoformat(),
    }
    row = {"alert_id": alert_id, "visit_id": "v1", "is_host_call": is_host_call, **more}
    db.table("alerts").insert({**row, "body": msgspec.json.encode(body).decode()})


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A file of release 0.2 with an open call, a message to a post, and a call that is over."""
    db = open_database(tmp_path / "hub.sqlite3")
    migrations.apply(db, stop_before="keep_the_life_of_alerts")
    alert(db, "call", is_host_call=True)
    alert(db, "told", is_host_call=False)
    alert(db, "over", is_host_call=True, closed_at=NINE.isoformat())
    db.conn.commit()
    return db


def test_an_alert_of_release_0_2_stays_open_until_it_ends_and_asks_nobody_else(
    db: Database,
) -> None:
    migrate(db)
    groups = AlertGroups(db)
    call, told = groups.open_of("v1")
    assert (call.kind, call.about, call.asked[0].staff_id) == (Kind.HOST, "host", "li")
    assert (told.kind, told.about, told.asked[0].role) == (Kind.NOTICE, "", "door")
    assert call.ends_at == call.repeat_at == LATER
    assert groups.of_alert("call") == call
    assert groups.of_alert("over") is None
    assert groups.to_look_at(LATER) == [call, told]


def test_the_copy_of_the_older_file_is_nobody_else_s_and_is_made_once(
    db: Database, tmp_path: Path
) -> None:
    migrate(db)
    (copy,) = tmp_path.glob("*.before-*")
    assert copy.name == "hub.sqlite3.before-keep_the_life_of_alerts"
    assert copy.stat().st_mode & 0o777 == 0o600
    migrate(db)
    assert list(tmp_path.glob("*.before-*")) == [copy]
    assert Database(copy).table("alerts").count == 3


def test_a_copy_that_is_there_is_not_written_over(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "hub.sqlite3.before-keep_the_life_of_alerts"
    copy.write_text("the first", encoding="utf-8")
    migrate(db)
    assert copy.read_text(encoding="utf-8") == "the first"


def test_an_older_file_in_memory_has_nothing_beside_it() -> None:
    db = Database(memory=True)
    migrations.apply(db, stop_before="keep_the_life_of_alerts")
    migrate(db)
    assert db.table("alert_groups").exists()
