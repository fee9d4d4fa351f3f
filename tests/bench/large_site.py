"""A large invented site for the benches: its file is made once and kept below build/."""

import random
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.journal.entries import FILE_NAME, HEADS_NAME
from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.site_file import SitePeople, Staff
from shared.messages import Answer3, CheckIn, ReportKind, StaffReport
from shared.plate import DIGITS, LETTERS
from tests.fakes import NINE, FakeClock

BUILD = Path(__file__).parents[2] / "build" / "bench-rules"
CONSULTANTS = tuple(f"c{number}" for number in range(20))
PEOPLE = SitePeople(
    staff=tuple(
        Staff(id=staff_id, name=staff_id, roles=("consultant",), pin="1234")
        for staff_id in CONSULTANTS
    ),
    order=CONSULTANTS,
)
POLICY = Policy(open="00:00", close="24:00")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑"
PACE = timedelta(seconds=30)
"""Between two visitors."""


def plate(chance: random.Random) -> str:
    return "浙A" + "".join(chance.choices(DIGITS + LETTERS, k=5))


def phone(number: int) -> str:
    return f"1{3 + number % 7}{number:07d}00"


def customers(count: int, registrations: int) -> Iterator[Registration]:
    """``registrations`` entries of ``count`` people, each with a phone and a plate."""
    chance = random.Random(20261123)
    known: list[tuple[str, str]] = []
    for number in range(registrations):
        if number < count:
            known.append((plate(chance), chance.choice(SURNAMES)))
        car, surname = known[number % count]
        at = NINE - timedelta(days=400) + timedelta(seconds=10 * number)
        yield Registration(
            registration_id=f"r{number:08d}",
            consultant_id=CONSULTANTS[number % len(CONSULTANTS)],
            registered_at=at,
            received_at=at,
            phone=phone(number % count),
            plates=(car,),
            surname=surname,
            salutation=("先生", "女士")[number % 2],
        )


def site_folder(count: int, registrations: int) -> Path:
    """A site of this size."""
    folder = BUILD / f"site-{count}-{registrations}"
    if (folder / "done").exists():
        return folder
    hub = _fresh_hub(folder)
    for number, customer in enumerate(customers(count, registrations)):
        hub.register.add(customer)
        if number % 10_000 == 0:
            hub.inbox.db.conn.commit()
            _tell(f"registrations {number:,} of {registrations:,}")
    _finish(hub, folder)
    return folder


def journal_folder(entries: int) -> Path:
    """A hub's file whose journal has so many entries, as real visitors leave them."""
    folder = BUILD / f"journal-{entries}"
    if (folder / "done").exists():
        return folder
    hub = _fresh_hub(folder)
    number = 0
    while (head := hub.journal.head()) is None or head.seq < entries:
        serve(hub, range(number, number + 100))
        number += 100
        _tell(f"journal {head.seq if head else 0:,} of {entries:,}")
    _finish(hub, folder)
    return folder


def serve(hub: Hub, numbers: range, known: int = 0) -> None:
    """Visitors one after the other: each is decided on, received, and gone.

    With ``known`` they have the phones of that many customers, from the first on.
    """
    for number in numbers:
        _later(hub)
        handle(hub, check_in(number, hub, phone(number % known) if known else None))
        visit = hub.visits.of_check_in(f"bench-{number}")
        assert visit is not None
        report = StaffReport(
            report_id=f"bench-{number}",
            staff_id=visit.host_id or CONSULTANTS[0],
            kind=ReportKind.FINISHED,
            reported_at=hub.clock(),
            visit_id=visit.visit_id,
        )
        handle(hub, report)
        hub.outbox.forget([row.row for row in hub.outbox.waiting(100)])
    let_time_pass(hub)
    hub.outbox.forget([row.row for row in hub.outbox.waiting(10_000)])


def check_in(number: int, hub: Hub, phone_number: str | None) -> CheckIn:
    return CheckIn(
        check_in_id=f"bench-{number}",
        kiosk_id="lobby",
        seq=number,
        checked_in_at=hub.clock(),
        consented_at=hub.clock(),
        phone=phone_number,
        is_first_visit=Answer3.YES,
        family_visited=Answer3.NO,
        was_contacted=Answer3.NO,
    )


def started_hub(folder: Path) -> Hub:
    """The hub of this folder, years after what is in it."""
    return open_hub(folder, PEOPLE, POLICY, FakeClock(NINE + timedelta(days=3650)))


class Scratch:
    """A copy of a site that may be changed, as long as the block lasts."""

    def __init__(self, source: Path) -> None:
        self._source, self._folder = source, BUILD / f"scratch-{source.name}"

    def __enter__(self) -> Path:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        for name in (FILE_NAME, HEADS_NAME):
            shutil.copy(self._source / name, self._folder)
        return self._folder

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _fresh_hub(folder: Path) -> Hub:
    """A new file that need not survive a power cut while it is made."""
    shutil.rmtree(folder, ignore_errors=True)
    hub = open_hub(folder, PEOPLE, POLICY, FakeClock())
    hub.inbox.db.conn.execute("pragma synchronous = off")
    hub.inbox.db.conn.execute("pragma cache_size = -400000")
    return hub


def _finish(hub: Hub, folder: Path) -> None:
    connection = hub.inbox.db.conn
    connection.commit()
    hub.journal.seal()
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    (folder / "done").touch()
    print(file=sys.stderr)


def _later(hub: Hub) -> None:
    clock = hub.clock
    assert isinstance(clock, FakeClock)
    clock.moment += PACE


def _tell(progress: str) -> None:
    print(f"\r{progress}", end="", file=sys.stderr)
