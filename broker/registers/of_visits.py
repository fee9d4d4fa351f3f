"""The registers of visits: who came, who came by car, how each turn went, how each was received."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from broker.registers.columns import (
    Cell,
    FileReading,
    Mask,
    Parties,
    RegisterSheet,
    Scope,
    SheetColumn,
)
from broker.registers.day_facts import Day, Line, VisitStory
from broker.registers.told import Message
from broker.registers.visit_kinds import DROVE, WALKED, car_kinds, origin, visit_kinds
from broker.registers.writer import Writer
from broker.store.visits import Visits

WISHED = ("purpose", "area", "budget", "source")
_AT_SHOW_FLAT = ("showflat", "show_flat")


def of_day(rows: Callable[[Day], Iterable[Any]]) -> Callable[[Day, FileReading], Iterable[Any]]:
    """The rows that the journal's facts of a day make, without the file's tables."""
    return lambda day, _asked: rows(day)


def in_order(stories: Iterable[VisitStory]) -> list[VisitStory]:
    """The earliest first."""
    return sorted(stories, key=lambda story: (story.began_at, story.visit_id))


def visit_parties(story: VisitStory) -> Parties:
    """Whom a visit concerns."""
    return Parties(story.owner_id, story.host_id, visit_id=story.visit_id)


def _customers(day: Day) -> list[VisitStory]:
    return in_order(story for story in day.visits.values() if story.is_customer)


def _cars(day: Day) -> list[VisitStory]:
    return in_order(story for story in day.visits.values() if story.car_at)


def _receptions(day: Day) -> list[VisitStory]:
    """Each consultant's receptions together, as a diary has them."""
    received = (story for story in _customers(day) if story.host_id)
    return sorted(received, key=lambda story: story.host_id or "")


def _visitor(write: Writer, story: VisitStory) -> str:
    return write.visitor(story.surname, story.salutation)


def _party(_write: Writer, story: VisitStory) -> Cell:
    return (story.answers.party_size if story.answers else None) or ""


def _first_time(write: Writer, story: VisitStory) -> str:
    return write.say(f"first_{story.answers.first_visit or 'unsure'}") if story.answers else ""


def _origin(write: Writer, story: VisitStory) -> str:
    found = origin(story)
    return write.say(f"origin_{found}") if found else ""


def later_ruling(write: Writer, story: VisitStory) -> str:
    """The ruling that came after the day, apart from what the day itself says."""
    ruling = story.ruled_later
    if ruling is None:
        return ""
    on, winner = write.on(ruling.at), write.name(ruling.consultant_id)
    return write.say("ruled_later", on=on, winner=winner)


def _state(write: Writer, story: VisitStory) -> str:
    marks = {"disputed": story.is_disputed, "left_open": story.is_left_open}
    return " ".join(write.say(f"mark_{name}") for name, is_so in marks.items() if is_so)


ON = SheetColumn("on", lambda write, story: write.on(story.began_at), width=11)
CAME = SheetColumn("came", lambda write, story: write.time(story.began_at), width=7)
VISITOR = SheetColumn("visitor", _visitor, width=12)
PHONE = SheetColumn("phone", lambda write, story: write.key(story.phone), Mask.PHONE, 14)
PLATE = SheetColumn("plate", lambda write, story: write.key(story.plate), Mask.PLATE, 12)
PARTY = SheetColumn("party", _party, width=6)
ORIGIN = SheetColumn("origin", _origin, width=12)
HOST = SheetColumn("host", lambda write, story: write.name(story.host_id), width=10)
OWNER = SheetColumn("owner", lambda write, story: write.name(story.owner_id), width=10)
LATER = SheetColumn("later", later_ruling, Mask.FREE, 20)

VISITS = RegisterSheet(
    "visits",
    of_day(_customers),
    (
        *(ON, CAME, VISITOR, PHONE, PLATE, PARTY),
        SheetColumn(
            "way", lambda write, story: write.say(DROVE if story.car_at else WALKED), width=7
        ),
        SheetColumn("first_visit", _first_time, width=9),
        *(ORIGIN, HOST, OWNER),
        SheetColumn("waited", lambda write, story: write.minutes(story.began_at, story.claimed_at)),
        SheetColumn("ended", lambda write, story: write.time(story.finished_at), width=7),
        SheetColumn("marks", _state, width=12),
        LATER,
    ),
    visit_parties,
    dict.fromkeys(("manager", "consultant", "desk", "steward"), Scope.ALL),
    visit_kinds,
    shows_customers=True,
)

SELF_DRIVE = RegisterSheet(
    "self_drive",
    of_day(_cars),
    (
        ON,
        SheetColumn("car_came", lambda write, story: write.time(story.car_at), width=9),
        *(PLATE, VISITOR, PHONE, PARTY, HOST),
        SheetColumn("car_left", lambda write, story: write.time(story.car_left_at), width=9),
        SheetColumn(
            "stayed",
            lambda write, story: write.minutes(story.car_at, story.car_left_at),
            width=11,
        ),
    ),
    visit_parties,
    dict.fromkeys(("manager", "gate", "parking", "desk"), Scope.ALL),
    car_kinds,
    shows_customers=True,
    is_signed=True,
)


def _services(story: VisitStory, *kinds: str) -> list[Any]:
    return [service for service in story.services if service.kind in kinds]


def _seat(write: Writer, story: VisitStory) -> str:
    places = (service.place for service in _services(story, "seated") if service.place)
    return write.house_word(next(places, None))


def _drinks(write: Writer, story: VisitStory) -> str:
    named = (drink for service in _services(story, "seated", "ordered") for drink in service.drinks)
    return write.teller.say("list.comma").join(map(write.house_word, dict.fromkeys(named)))


def _wish(write: Writer, story: VisitStory) -> str:
    """What the visitor looks for, in one line; of several the last counts."""
    wishes = _services(story, "wishes")
    return wish_line(write, wishes[-1]) if wishes else ""


def wish_line(write: Writer, wish: Message) -> str:
    """``自住、90–120 平、…``"""
    said = (write.word(name, getattr(wish, name)) for name in WISHED if getattr(wish, name))
    return write.teller.say("list.comma").join([*said, *filter(None, (wish.note,))])


def _shown(write: Writer, story: VisitStory) -> str:
    at = [service.at for service in _services(story, *_AT_SHOW_FLAT)]
    return write.say("at_show_flat", time=write.time(at[0])) if at else ""


DIARY = RegisterSheet(
    "diary",
    of_day(_receptions),
    (
        *(ON, HOST, VISITOR, PHONE),
        SheetColumn("from", lambda write, story: write.time(story.claimed_at or story.called_at)),
        SheetColumn("until", lambda write, story: write.time(story.finished_at)),
        SheetColumn(
            "lasted", lambda write, story: write.minutes(story.claimed_at, story.finished_at)
        ),
        ORIGIN,
        SheetColumn("seat", _seat, Mask.FREE, 12),
        SheetColumn("drinks", _drinks, Mask.FREE, 16),
        SheetColumn("shown", _shown, width=16),
        SheetColumn("wishes", _wish, Mask.FREE, 24),
        SheetColumn("entered", lambda write, story: write.yes(story.entered is not None)),
        OWNER,
        LATER,
    ),
    visit_parties,
    {"manager": Scope.ALL, "consultant": Scope.OWN},
    visit_kinds,
    shows_customers=True,
    is_signed=True,
)


def _wished(day: Day, asked: FileReading) -> Iterator[Line]:
    """What was written down that day, of visits of any day."""
    for message in day.messages:
        if message.kind == "wishes" and message.visit_id:
            visit = day.visits.get(message.visit_id)
            yield Line(message, visit or _earlier(asked, message.visit_id))


def _earlier(asked: FileReading, visit_id: str) -> VisitStory:
    """A visit of another day, as far as the file's row tells of it."""
    row = Visits(asked.db).find(visit_id)
    if row is None:
        return VisitStory(visit_id, asked.now)
    story = VisitStory(visit_id, datetime.fromisoformat(row.opened_at), row.plate, row.phone)
    story.surname, story.salutation = row.surname, row.salutation
    story.claimed_by = row.claimed_by or row.host_id
    return story


def _of_story(column: SheetColumn) -> SheetColumn:
    return SheetColumn(
        column.name,
        lambda write, line: column.cell(write, line.visit) if line.visit else "",
        column.mask,
        column.width,
    )


def _word(name: str) -> SheetColumn:
    return SheetColumn(
        name, lambda write, line: write.word(name, getattr(line.event, name)), width=12
    )


WISHES = RegisterSheet(
    "wishes",
    _wished,
    (
        SheetColumn("on", lambda write, line: write.on(line.event.at), width=11),
        SheetColumn("at", lambda write, line: write.time(line.event.at), width=7),
        SheetColumn("consultant", lambda write, line: write.name(line.event.staff_id)),
        *map(_of_story, (VISITOR, PHONE, PARTY)),
        *map(_word, WISHED),
        SheetColumn("wishes", lambda _write, line: line.event.note or "", Mask.FREE, 30),
        _of_story(SheetColumn("shown", _shown, width=16)),
    ),
    lambda line: visit_parties(line.visit),
    {"manager": Scope.ALL, "consultant": Scope.OWN},
    lambda line: (f"source_{line.event.source}",),
    shows_customers=True,
)
