"""Takes plans and appointments (接待计划) out of a table: all of its rows or none."""

import argparse
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from broker.importing.customer_rows import NO, YES, Wrong
from broker.importing.table_file import Cells, rows_of
from broker.importing.table_heads import PLANS_FORM, is_example
from broker.journal.choices import chosen_in
from broker.journal.entries import open_read_only
from broker.journal.past import latest_state
from broker.leaving.who_left import staff_here
from broker.local.local_socket import ask
from broker.local.plan_questions import ListedPlan, PlansImported
from broker.rules.exclusive import free_times, overlap
from broker.rules.match import spellings
from broker.rules.policy import Policy
from broker.rules.state import Expected, SiteState
from broker.site_file import Staff
from shared.clock import now
from shared.command_line import Terminal
from shared.database import Database
from shared.errors import BadValueError, OperatorError
from shared.ids import new_id
from shared.keys import Keyed, Name, Phone, Plate
from shared.words import LANGUAGES, Sentence, read_words

LEVELS = {"vip": "vip", "a": "A", "b": "B"}
MOST, SHOWN = 500, 200
_PARTS = re.compile(r"[\s,;/|\u3001\uff0c\uff1b]+")
_ROOMS = re.compile(r"[,;\u3001\uff0c\uff1b]+")
_WHEN = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D{1,2}(\d{1,2}):(\d{2})(?::\d{2})?")
_HOUR = re.compile(r"(\d{1,2}):(\d{2})")


class _Guest(Keyed, frozen=True, kw_only=True):
    """The keys of whoever is expected, in their stored form."""

    name: Name | None = None
    phone: Phone | None = None
    plates: tuple[Plate, ...] = ()


@dataclass(slots=True)
class PlanTrial:
    """What would become of a table."""

    plans: list[ListedPlan] = field(default_factory=list)
    same: int = 0
    """Rows that are planned already."""
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads rows at a site as it stands ``at`` this moment."""

    staff: tuple[Staff, ...]
    policy: Policy
    state: SiteState
    at: datetime

    def tried(self, file: Path) -> PlanTrial:
        """What the table would plan.

        Raises:
            OperatorError: the file cannot be read, or lacks a column that is needed.
        """
        trial, taken = PlanTrial(), list(self.state.expected)
        known = {(plan.starts_at, plan.phone, plan.plates) for plan in taken}
        for number, cells in rows_of(file, PLANS_FORM):
            if is_example(cells, PLANS_FORM):
                continue
            found = self._row(number, {key: text.strip() for key, text in cells.items()})
            if isinstance(found, Wrong):
                trial.wrong.append(found)
                continue
            expected = self._expected(found)
            if (expected.starts_at, expected.phone, expected.plates) in known:
                trial.same += 1
            elif any(overlap(expected, other, self.policy) for other in taken):
                free = free_times(self.state, self.policy, self.at, expected)
                times = " ".join(f"{self.policy.local(each):%m-%d %H:%M}" for each in free)
                why = Sentence("import.plan_taken", free=times or "—")
                trial.wrong.append(Wrong(number, "starts_at", cells["starts_at"], why))
            else:
                taken.append(expected)
                trial.plans.append(found)
        return trial

    def _row(self, row: int, cells: Cells) -> ListedPlan | Wrong:
        """The plan of a row, or which of its cells cannot be taken, and why."""
        said = {key: text for key, text in cells.items() if text}
        for problem in self._problems(row, said):
            return problem
        try:
            guest = msgspec.convert(
                {
                    "name": said.get("name"),
                    "phone": said.get("phone"),
                    "plates": tuple(filter(None, _PARTS.split(said.get("plates", "")))),
                },
                _Guest,
            )
        except msgspec.ValidationError as error:
            return _bad_key(row, said, error)
        starts_at = self._moment(said["starts_at"])
        assert starts_at is not None
        return ListedPlan(
            row=row,
            booking_id=new_id(),
            starts_at=starts_at,
            ends_at=self._end(said, starts_at),
            name=guest.name,
            phone=guest.phone,
            plates=guest.plates,
            level=LEVELS.get(said.get("level", "").lower()),
            host_id=self._host(said.get("host", "")),
            is_exclusive=_is_yes(said.get("exclusive", "")),
            party_size=int(said["party_size"]) if "party_size" in said else None,
            rooms=tuple(filter(None, _ROOMS.split(said.get("rooms", "")))),
            note=said.get("note"),
        )

    def _problems(self, row: int, said: Mapping[str, str]) -> Iterator[Wrong]:
        """The cells of a row that say nothing that can be planned."""
        starts_at = self._moment(said.get("starts_at", ""))
        ends_at = self._end(said, starts_at) if starts_at else None
        is_appointment = "level" not in said
        host_id = self._host(said.get("host", ""))
        checks = (
            ("starts_at", starts_at is None, "import.plan_when"),
            ("starts_at", starts_at is not None and starts_at < self.at, "import.plan_past"),
            ("ends_at", "ends_at" in said and ends_at is None, "import.plan_when"),
            (
                "ends_at",
                bool(starts_at and ends_at and ends_at <= starts_at),
                "import.plan_order",
            ),
            ("phone", not (said.get("phone") or said.get("plates")), "import.plan_whom"),
            ("level", said.get("level", "vip").lower() not in LEVELS, "import.plan_level"),
            ("host", "host" in said and host_id is None, "import.plan_host"),
            ("host", is_appointment and host_id is None, "import.plan_needs_host"),
            ("ends_at", is_appointment and ends_at is None, "import.plan_needs_end"),
            ("exclusive", not _is_yes_or_no(said.get("exclusive", "")), "import.plan_yes"),
            ("exclusive", is_appointment and _is_yes(said.get("exclusive", "")), "import.plan_vip"),
            ("party_size", not said.get("party_size", "1").isdecimal(), "import.plan_number"),
        )
        for column, is_wrong, why in checks:
            if is_wrong:
                yield Wrong(row, column, said.get(column, ""), Sentence(why))

    def _moment(self, text: str) -> datetime | None:
        found = _WHEN.fullmatch(text.strip())
        if found is None:
            return None
        try:
            year, month, day, hour, minute = map(int, found.groups())
            return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(self.policy.timezone))
        except ValueError:
            return None

    def _end(self, said: Mapping[str, str], starts_at: datetime) -> datetime | None:
        """A moment, or a time of the day on which it starts."""
        text = said.get("ends_at", "")
        hour = _HOUR.fullmatch(text)
        if hour is None:
            return self._moment(text)
        try:
            return starts_at.replace(hour=int(hour[1]), minute=int(hour[2]))
        except ValueError:
            return None

    def _host(self, text: str) -> str | None:
        """The one consultant of this name or id; None: nobody, or several."""
        meant = [
            person.id
            for person in self.staff
            if text and (text in (person.id, person.name) or text.lower() in spellings(person.name))
        ]
        return meant[0] if len(meant) == 1 else None

    def _expected(self, plan: ListedPlan) -> Expected:
        return Expected(
            flag="vip" if plan.level else "appointment",
            on=self.policy.local(plan.starts_at).date(),
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            phone=plan.phone,
            plates=plan.plates if plan.level else plan.plates[:1],
            is_exclusive=plan.is_exclusive,
        )


def import_plans(path: Path, file: Path, terminal: Terminal, asked: argparse.Namespace) -> int:
    """Plan all rows of the table, or none."""
    trial = _tried(path, file)
    for wrong in trial.wrong[:SHOWN]:
        terminal.tell(wrong.sentence)
    counts = {"fresh": len(trial.plans), "same": trial.same, "wrong": len(trial.wrong)}
    terminal.tell(Sentence("import.plans_would", **counts))
    if trial.wrong:
        terminal.warn(Sentence("import.nothing_entered"))
        return 1
    if asked.dry_run or not trial.plans:
        terminal.tell(Sentence("import.trial" if asked.dry_run else "import.nothing_new"))
        return 0
    if len(trial.plans) > MOST:
        raise OperatorError("error.import_rows", path=file, count=len(trial.plans), most=MOST)
    moment = now()
    ask(
        path.parent,
        PlansImported(
            import_id=new_id(moment), asked_at=moment, plans=tuple(trial.plans), by=asked.by
        ),
    )
    terminal.tell(Sentence("import.plans_done", count=len(trial.plans)))
    return 0


def _tried(path: Path, file: Path) -> PlanTrial:
    """What the table would plan at the site of the hub's file."""
    chosen = chosen_in(path, now)
    if chosen is None:
        raise OperatorError("error.import_nobody")
    with closing(open_read_only(path)) as connection:
        state = latest_state(Database(connection))
    here = staff_here(chosen.people, state)
    hosts = tuple(person for person in here if "consultant" in person.roles)
    return PlanReader(hosts, chosen.policy, state, now()).tried(file)


def _bad_key(row: int, said: Mapping[str, str], error: Exception) -> Wrong:
    ours = error.__cause__
    values = ours.sentence.values if isinstance(ours, BadValueError) else {}
    column, problem = str(values.get("field", "phone")), values.get("problem")
    why = problem if isinstance(problem, Sentence) else Sentence("import.bad_value")
    return Wrong(row, column, said.get(column, ""), why)


@cache
def _said(key: str) -> frozenset[str]:
    words = read_words("shared")
    return frozenset(name for tag in LANGUAGES for name in words.say(key, tag).lower().split("|"))


def _is_yes(text: str) -> bool:
    return text.lower() in _said(YES)


def _is_yes_or_no(text: str) -> bool:
    return not text or text.lower() in _said(YES) | _said(NO)
