"""What the page on the wall shows: masked, and few enough lines to be read from afar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from broker.console.lost_phones import lost_phones
from broker.console.site_view import Overview, TurnLine, VisitLine, VisitState
from broker.rules.line import Note
from shared.messages import NodeKind
from shared.privacy import masked_plate, masked_text
from shared.words import Words

ARRIVALS_FOR = timedelta(minutes=15)
RECEIVED_FOR = timedelta(minutes=10)
"""So long the hall shows whom somebody went to receive."""
FOLLOWING = 2
ROWS, TURNS = 6, 9
"""As many as fit on 1080 px in letters that can be read from five metres."""
_WAITS = (VisitState.WAITING, VisitState.CALLED)


@dataclass(frozen=True, slots=True)
class WallRow:
    """A line of a list: the large text, and two remarks beside it."""

    main: str
    side: str = ""
    end: str = ""
    state: str = ""
    """Sets the colour."""


@dataclass(frozen=True, slots=True)
class Column:
    """One of the three lists, and how many more entries it has than are shown."""

    rows: tuple[WallRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Today:
    """What a list says while it is empty: the day's counts, and what comes next."""

    visits: int
    cars: int
    received: int
    expected: str | None
    """When the next expected visitor comes: ``14:30``; None: nobody is."""


@dataclass(frozen=True, slots=True)
class WallView:
    """Everything on the wall at one moment; ``lost`` names the devices that are offline.

    ``phones``: how many people on duty cannot be reached.
    """

    waiting: Column
    arrivals: Column
    line: Column
    lost: tuple[str, ...]
    phones: int
    today: Today


@dataclass(frozen=True, slots=True)
class HallView:
    """The hall's scene: numbers and times only, nobody's name."""

    now: str | None
    """The number that was received last; None: none of late."""
    following: tuple[str, ...]
    """The next numbers, who came first first."""
    door: str | None = None
    """Where visitors' own phones come in now; None: at no tablet."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall's language and time zone, and whether it names visitors."""

    words: Words
    language: str
    zone: ZoneInfo
    shows_names: bool

    def view(self, site: Overview, now: datetime) -> WallView:
        """What the wall shows of ``site``."""
        waiting = sorted(
            (visit for visit in site.visits if visit.state in _WAITS),
            key=lambda visit: visit.came_at,
        )
        arrivals = [
            visit
            for visit in site.visits
            if now - visit.came_at < ARRIVALS_FOR and visit.state is not VisitState.FINISHED
        ]
        machines = (node for node in site.nodes if node.kind is not NodeKind.STAFF)
        return WallView(
            waiting=_column([self._waiting(visit, now) for visit in waiting], ROWS),
            arrivals=_column([self._arrival(visit) for visit in arrivals], ROWS),
            line=_column(
                [self._turn(place, turn) for place, turn in enumerate(site.line, start=1)], TURNS
            ),
            lost=tuple(
                f"{self.say(f'kind.{machine.kind}')} {machine.node_id}"
                for machine in machines
                if not machine.is_online
            ),
            phones=len(lost_phones(site, now)),
            today=self._today(site, now),
        )

    def hall(self, site: Overview, now: datetime) -> HallView:
        """What the hall's scene shows of ``site``."""
        came_first = sorted(site.visits, key=lambda visit: visit.came_at)
        received = [
            (visit.claimed_at, visit.number)
            for visit in came_first
            if visit.number and visit.claimed_at and now - visit.claimed_at < RECEIVED_FOR
        ]
        following = [each.number for each in came_first if each.state in _WAITS and each.number]
        doors = [node.door for node in site.nodes if node.is_online and node.door]
        return HallView(
            now=max(received)[1] if received else None,
            following=tuple(following[:FOLLOWING]),
            door=doors[0] if doors else None,
        )

    def _today(self, site: Overview, now: datetime) -> Today:
        due = [line.starts_at for line in site.expected if not line.has_come]
        coming = [moment for moment in due if moment >= now]
        served = (VisitState.SERVING, VisitState.FINISHED)
        return Today(
            visits=len(site.visits),
            cars=sum(visit.plate is not None for visit in site.visits),
            received=sum(visit.state in served for visit in site.visits),
            expected=self.clock(min(coming)) if coming else None,
        )

    def say(self, key: str, **values: object) -> str:
        """The sentence ``key`` in this wall's language."""
        return self.words.say(key, self.language, **values)

    def day(self, now: datetime) -> str:
        """Today's date with the weekday."""
        local = now.astimezone(self.zone)
        weekday = self.say("day.weekdays").split()[local.weekday()]
        return self.say("day.text", month=local.month, day=local.day, weekday=weekday)

    def clock(self, moment: datetime) -> str:
        """``09:12``."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def _waiting(self, visit: VisitLine, now: datetime) -> WallRow:
        minutes = int((now - visit.came_at).total_seconds()) // 60
        main, host = self._visitor(visit), visit.host_name
        plate = masked_plate(visit.plate) if visit.plate else main
        beside = plate if plate != main else ""
        return WallRow(
            main=main,
            side=self.say("wall.host_comes", host=host) if host else beside,
            end=self.say("wall.minutes", minutes=minutes) if minutes > 0 else self.say("wall.now"),
            state=visit.state.value,
        )

    def _arrival(self, visit: VisitLine) -> WallRow:
        return WallRow(
            main=masked_plate(visit.plate) if visit.plate else self.say("wall.on_foot"),
            side=self.say(f"state.{visit.state}"),
            end=self.clock(visit.came_at),
            state=visit.state,
        )

    def _turn(self, place: int, turn: TurnLine) -> WallRow:
        said = self.say(f"note.{turn.note}") if turn.note else ""
        is_free = turn.note in (None, Note.MAKE_UP)
        return WallRow(main=f"{place}  {turn.name}", side=said, state="free" if is_free else "busy")

    def _visitor(self, visit: VisitLine) -> str:
        """The name if the site shows names, else the masked plate, else only «visitor»."""
        if self.shows_names and visit.visitor:
            return masked_text(visit.visitor)
        return masked_plate(visit.plate) if visit.plate else self.say("wall.visitor")


def _column(rows: list[WallRow], most: int) -> Column:
    return Column(tuple(rows[:most]), max(0, len(rows) - most))
