"""A year of a busy sales office: one real day with its journal, and the same day on every other."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import astuple
from sqlite_utils import Database

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.journal import mentions
from broker.journal.chain import Entry, Head, Written, next_entry
from broker.journal.entries import FILE_NAME, HEADS_NAME, Heads, entries
from broker.journal.steps import SNAPSHOT
from broker.rules.policy import Policy
from broker.store.moments import utc_text
from shared.messages import (
    Ack,
    Answer3,
    Arrival,
    CheckIn,
    Departure,
    LookUp,
    Registration,
    ReportKind,
    StaffReport,
)
from shared.sealed_file import connect, sqlite3
from tests.bench.large_site import BUILD, PEOPLE, SURNAMES, phone
from tests.fakes import NINE, FakeClock

POLICY = Policy()
DAYS = 365
VISITS_A_DAY = 274
LAST_DAY = date(2026, 11, 23)
RECEPTION = 12
"""So many visitors later a reception is over."""
_OWN = ("01a2", "bench-")
"""How the ids of the real day begin."""
_GROWING = ("visits", "check_ins", "arrivals", "messages", "look_ups")


def year_folder(days: int = DAYS, visits: int = VISITS_A_DAY) -> Path:
    """A hub's folder with so many days, each of so many visitors; made once."""
    folder = BUILD / f"year-{days}-{visits}"
    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _live_a_day(folder, visits)
    with closing(connect(folder / FILE_NAME)) as db:
        db.execute("pragma synchronous = off")
        head = _chained(db, list(entries(db)), days)
        for table in _GROWING:
            _multiply(db, table, days)
        mentions.fill(Database(db))
        db.commit()
        db.execute("pragma wal_checkpoint(truncate)")
    (folder / HEADS_NAME).unlink(missing_ok=True)
    Heads(folder / HEADS_NAME).note(head)
    (folder / "done").touch()
    return folder


def _live_a_day(folder: Path, visits: int) -> None:
    """Visitors by car and on foot, who are received and leave, as the hub keeps them."""
    clock = FakeClock(NINE - timedelta(minutes=25))
    hub = open_hub(folder, PEOPLE, POLICY, clock)
    pause_s = 9.4 * 3600 / (visits + RECEPTION)
    for number in range(visits + RECEPTION):
        clock.pass_s(pause_s)
        if number < visits:
            _come(hub, number)
        if number >= RECEPTION:
            _leave(hub, number - RECEPTION)
        let_time_pass(hub)
        _answer_others(hub, clock)
        hub.outbox.forget([row.row for row in hub.outbox.waiting(10_000)])
    hub.inbox.db.conn.commit()
    hub.journal.seal()
    hub.inbox.db.conn.execute("pragma wal_checkpoint(truncate)")
    hub.inbox.db.conn.close()


def _plate(number: int) -> str:
    return f"浙A{number:03d}00"


def _come(hub: Hub, number: int) -> None:
    moment, has_car = hub.clock(), number % 5 < 3
    arrival_id = f"bench-a{number}" if has_car else None
    if has_car:
        handle(hub, _arrival(number, hub))
    if number % 9 == 0:
        asked = LookUp(
            look_up_id=f"bench-l{number}", staff_id="c1", asked_at=moment, phone=phone(number)
        )
        handle(hub, asked)
    check_in = CheckIn(
        check_in_id=f"bench-{number}",
        kiosk_id="lobby",
        seq=number,
        checked_in_at=moment,
        consented_at=moment,
        phone=phone(number),
        surname=SURNAMES[number % len(SURNAMES)],
        salutation=("先生", "女士")[number % 2],
        party_size=1 + number % 4,
        arrival_id=arrival_id,
        is_first_visit=Answer3.YES,
        family_visited=Answer3.NO,
        was_contacted=Answer3.NO,
    )
    handle(hub, check_in)
    visit = hub.visits.of_check_in(check_in.check_in_id)
    assert visit is not None
    _acknowledge(hub, visit.visit_id, number)


def _acknowledge(hub: Hub, visit_id: str, number: int) -> None:
    """Every tenth host does not answer."""
    found = hub.inbox.db.conn.execute(
        "select alert_id, staff_id from alerts where visit_id = ? and is_host_call "
        "and closed_at is null and staff_id is not null",
        [visit_id],
    ).fetchone()
    if found and number % 10:
        alert_id, staff_id = found
        ack = Ack(
            ack_id=f"bench-k{number}", alert_id=alert_id, staff_id=staff_id, acked_at=hub.clock()
        )
        handle(hub, ack)


def _answer_others(hub: Hub, clock: FakeClock) -> None:
    """Whoever is called after the first host did not answer goes."""
    called = hub.inbox.db.conn.execute(
        "select alert_id, staff_id, alerts.visit_id from alerts join visits using (visit_id) "
        "where is_host_call and closed_at is null and staff_id is not null and opened_at < ?",
        [utc_text(clock() - timedelta(seconds=POLICY.absent_after_s))],
    ).fetchall()
    for alert_id, staff_id, visit_id in called:
        handle(
            hub,
            Ack(
                ack_id=f"bench-o{visit_id}",
                alert_id=alert_id,
                staff_id=staff_id,
                acked_at=clock(),
            ),
        )


def _leave(hub: Hub, number: int) -> None:
    visit, moment = hub.visits.of_check_in(f"bench-{number}"), hub.clock()
    assert visit is not None
    if visit.host_id is None:
        return
    entry = Registration(
        registration_id=f"bench-r{number}",
        staff_id=visit.host_id,
        registered_at=moment,
        phone=visit.phone,
        surname=visit.surname,
        visit_id=visit.visit_id,
        channel="walk_in",
    )
    report = StaffReport(
        report_id=f"bench-f{number}",
        staff_id=visit.host_id,
        kind=ReportKind.FINISHED,
        reported_at=moment,
        visit_id=visit.visit_id,
    )
    handle(hub, entry)
    handle(hub, report)
    if number % 5 < 3:
        departure = Departure(
            departure_id=f"bench-d{number}",
            gate_id="main",
            seq=number,
            seen_at=moment,
            sent_at=moment,
            plate=_plate(number),
            confidence=0.99,
        )
        handle(hub, departure)


def _arrival(number: int, hub: Hub) -> Arrival:
    return Arrival(
        arrival_id=f"bench-a{number}",
        gate_id="main",
        seq=number,
        seen_at=hub.clock(),
        sent_at=hub.clock(),
        plate=_plate(number),
        raw_plate=_plate(number),
        kind="blue",
        colour="blue",
        confidence=0.98,
        characters=(0.98,) * 7,
        province_confidence=0.99,
    )


def _chained(db: sqlite3.Connection, day: list[Entry], days: int) -> Head:
    """Write the day on every day, the last as it is; returns where the journal ends."""
    last: Head | None = None
    names = Entry.__struct_fields__
    insert = f"insert into journal ({', '.join(names)}) values ({', '.join('?' * len(names))})"
    db.executescript("delete from journal; delete from mentions; delete from snapshots")

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal last
        for number in reversed(range(days)):
            print(f"\rday {days - number} of {days}", end="", file=sys.stderr)
            for entry in day:
                if entry.kind != SNAPSHOT:
                    at, subject, body = (
                        _moved(text, number) for text in (entry.at, entry.subject_id, entry.body)
                    )
                    fresh = next_entry(last, Written(at, entry.kind, subject, body), entry.salt)
                    last = Head(fresh.seq, fresh.hash, fresh.at[:10])
                    yield astuple(fresh)

    db.executemany(insert, rows())
    assert last is not None
    return last


def _moved(text: str, number: int) -> str:
    """``text`` so many days earlier, with ids of its own."""
    if number == 0:
        return text
    begins, counts = _OWN
    on = (LAST_DAY - timedelta(days=number)).isoformat()
    own = text.replace(begins, f"{number:04x}").replace(counts, f"b{number}-")
    return own.replace(LAST_DAY.isoformat(), on)


def _multiply(db: sqlite3.Connection, table: str, days: int) -> None:
    names = [name for _, name, *_ in db.execute(f"pragma table_info({table})")]
    rows = db.execute(f"select {', '.join(names)} from {table}").fetchall()
    marks = ", ".join("?" * len(names))
    for number in range(1, days):
        again = ([_moved(v, number) if isinstance(v, str) else v for v in row] for row in rows)
        db.executemany(f"insert or ignore into {table} values ({marks})", again)
