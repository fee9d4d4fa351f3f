"""What must hold once a site works again: nothing lost, doubled, out of order or falsely told."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from broker.handlers.mended_files import MENDED
from broker.journal.replay import replay
from broker.journal.verify import verify
from shared.mending import PROBLEM
from shared.outbox import message_id
from shared.sealed_file import connect
from tests.bench.chaos.house import House
from tests.bench.chaos.marks import Promises
from tests.bench.chaos.programs import GATE, HUB, HUB_FILE, TABLET

KEPT = """
select arrival_id from arrivals union all select check_in_id from check_ins
union all select service_visit_id from service_visits
union all select message_id from messages where kind = 'Departure'"""
IN_ORDER = "select kind, subject_id from journal order by seq"
VISITS_OF_CARS = """
select arrival_id, count(*) from visits where arrival_id is not null and check_in_id is null
group by arrival_id having count(*) > 1"""

TOLD_OF_HUB = """
select 1 from alerts join alert_groups using (group_id)
where role = 'manager' and json_extract(alert_groups.body, '$.about') = 'mended'"""
NAMES = {HUB: HUB, GATE: "gate north", TABLET: "kiosk lobby"}
"""The parts as the manager knows them."""


def kept_at_once(house: House, promised: Promises) -> list[str]:
    """What a program promised before the fault and does not know at its start.

    Look before the programs talk to each other.
    """
    if house.hub is None:
        return ["the hub does not start"]
    kept = set(ids(house.folder / HUB_FILE))
    wrong = [f"{name} has a receipt and is lost" for name in set(promised.received) - kept]
    told = {row[0] for row in rows(house.folder / HUB_FILE, "select alert_id from alerts")}
    wrong += [f"alert {name} was told and is unknown" for name in set(promised.told) - told]
    waiting = {
        message_id(waiting.message)
        for edge in (house.gate, house.tablet)
        if edge is not None
        for waiting in edge.outbox.waiting(10_000)
    }
    lost = set(promised.posted) - kept - waiting
    return wrong + [f"{name} was posted and is lost" for name in lost]


def holds_in_the_end(house: House, promised: Promises) -> list[str]:
    """What is wrong when everything came home."""
    path = house.folder / HUB_FILE
    kept = ids(path)
    wrong = [f"{name} never came" for name in set(promised.posted) - set(kept)]
    wrong += [f"{name} is kept {often} times" for name, often in Counter(kept).items() if often > 1]
    wrong += [f"{count} visits of the car {name}" for name, count in rows(path, VISITS_OF_CARS)]
    wrong += [f"set aside: {reason}" for (reason,) in rows(path, "select reason from rejected")]
    return [*wrong, *disorder(path), *told_wrongly(path)]


def told_wrongly(path: Path) -> Iterator[str]:
    """What ``verify``, ``replay`` and SQLite say of the file; nothing: it is sound."""
    for check in (verify, replay):
        said: list[str] = []
        if check(path, said.append) != 0:
            yield f"{check.__name__}: {said}"
    for (line,) in rows(path, "pragma integrity_check"):
        if line != "ok":
            yield f"SQLite: {line}"


def disorder(path: Path) -> Iterator[str]:
    """Messages of one sender that the hub has in another order than they were sent."""
    last = {"gate": 0, "tablet": 0}
    for kind, subject in rows(path, IN_ORDER):
        sender = {"arrival": "gate", "Departure": "gate"}.get(kind)
        sender = "tablet" if kind in ("check_in", "ServiceVisit") else sender
        if sender is None:
            continue
        number = int(subject.partition("-")[2])
        if number == last[sender]:
            yield f"{subject} was acted on twice"
        elif number < last[sender]:
            yield f"{subject} came after number {last[sender]} of its {sender}"
        last[sender] = max(number, last[sender])


def false_alarms(house: House, damaged: set[str]) -> list[str]:
    """Parts that say that their file was damaged, though nobody damaged it."""
    wrong = [f"{part} says that its file was damaged" for part in house.mended - damaged]
    mended = rows(house.folder / HUB_FILE, f"select 1 from journal where kind = '{MENDED}'")
    if mended and HUB not in damaged:
        wrong.append("the journal says that the hub's file was damaged")
    return wrong


def untold(house: House) -> list[str]:
    """Parts that found their file damaged, and the manager does not hear of it."""
    path = house.folder / HUB_FILE
    told = {
        row[0] for row in rows(path, f"select gate_id from troubles where problem = '{PROBLEM}'")
    }
    told |= {HUB for _ in rows(path, TOLD_OF_HUB)}
    return [
        f"nobody hears of the {part}'s file" for part in house.mended if NAMES[part] not in told
    ]


def ids(path: Path) -> list[str]:
    """Every message that the hub has taken, of those that an edge program keeps until then."""
    return [str(row[0]) for row in rows(path, KEPT)]


def rows(path: Path, sql: str) -> list[tuple[str, ...]]:
    """What the hub's file answers."""
    with closing(connect(path)) as db:
        return db.execute(sql).fetchall()
