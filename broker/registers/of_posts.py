"""The registers of the posts: other visitors, plans and appointments, duties, passes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.alerts.other_visitors import OtherVisitor
from broker.alerts.watch_calls import USUAL_POST
from broker.registers.columns import (
    FileReading,
    Mask,
    Parties,
    RegisterSheet,
    Scope,
    SheetColumn,
)
from broker.registers.day_facts import Day
from broker.registers.of_visits import of_day
from broker.registers.told import PASS_CAR, Message
from broker.registers.writer import Writer
from broker.rules.duties import DutyState
from broker.rules.events import Planned
from broker.rules.plan_notices import PlanCancelled, PlanMoved
from broker.store.duty_rows import duties_of_day
from broker.store.service_visits import OtherVisitors

SENT_ON = "sent_on"
_CHECKED = ("pass_fits", "pass_mismatch")
_DUTIES = {"duty_done": "done", "duty_impossible": "impossible"}


@dataclass(frozen=True, slots=True)
class SentOn(OtherVisitor):
    """Somebody at a door sent on: they gave no name, and are known by their looks."""

    post: str = USUAL_POST


def _others(day: Day, asked: FileReading) -> Iterator[OtherVisitor]:
    """Who entered themselves at the tablet, and whom a door sent on, in the order of coming."""
    start = asked.policy.start_of(day.on)
    end = asked.policy.start_of(day.on + timedelta(days=1))
    came = OtherVisitors(asked.db).between(start, end)
    sent = (_sent_on(told, told.at) for told in day.messages if told.kind == SENT_ON and told.at)
    return iter(sorted((*came, *sent), key=lambda other: other.came_at))


def _sent_on(told: Message, at: datetime) -> SentOn:
    return SentOn(
        service_visit_id="",
        kind=SENT_ON,
        name=told.note or "",
        party_size=told.party_size or 1,
        whom=told.place,
        number="",
        came_at=at,
        left_at=None,
        post=told.post or USUAL_POST,
    )


def _other_name(write: Writer, other: OtherVisitor) -> str:
    return other.name if isinstance(other, SentOn) else other.name or write.say("erased")


def _bound_for(write: Writer, other: OtherVisitor) -> str:
    to_post = write.word("role", other.post) if isinstance(other, SentOn) else ""
    return " · ".join(filter(None, [other.whom, to_post]))


OTHER_VISITORS = RegisterSheet(
    "other_visitors",
    _others,
    (
        SheetColumn("on", lambda write, other: write.on(other.came_at), width=11),
        SheetColumn("came", lambda write, other: write.time(other.came_at), width=7),
        SheetColumn("kind", lambda write, other: write.word("other", other.kind), width=10),
        SheetColumn("name", _other_name, Mask.FREE, 14),
        SheetColumn("party", lambda write, other: other.party_size, width=6),
        SheetColumn("whom", _bound_for, Mask.FREE, 14),
        SheetColumn("number", lambda write, other: other.number, width=8),
        SheetColumn("left", lambda write, other: write.moment(other.left_at), width=17),
    ),
    lambda _other: Parties(),
    dict.fromkeys(("manager", "desk", "door", "gate", "security", "steward"), Scope.ALL),
    lambda other: (other.kind,),
    is_signed=True,
)


def _marks(write: Writer, planned: Planned | PlanMoved | PlanCancelled) -> str:
    expected = planned.expected
    marks = {
        "moved": isinstance(planned, PlanMoved),
        "cancelled": isinstance(planned, PlanCancelled),
        "exclusive": expected.is_exclusive,
        "held": expected.is_held,
        "gives_nothing": expected.gives_nothing,
    }
    return " ".join(write.say(f"mark_{name}") for name, is_so in marks.items() if is_so)


PLANS = RegisterSheet(
    "plans",
    of_day(lambda day: day.planned),
    (
        SheetColumn("booked", lambda write, plan: write.moment(plan.at), width=17),
        SheetColumn(
            "kind", lambda write, plan: write.word("expected", plan.expected.flag), width=8
        ),
        SheetColumn("name", lambda write, plan: write.key(plan.expected.name), Mask.FREE, 14),
        SheetColumn("phone", lambda write, plan: write.key(plan.expected.phone), Mask.PHONE, 14),
        SheetColumn("plates", lambda write, plan: " ".join(plan.expected.plates), Mask.FREE, 14),
        SheetColumn("level", lambda write, plan: plan.expected.level or "", width=6),
        SheetColumn("from", lambda write, plan: write.moment(plan.expected.starts_at), width=17),
        SheetColumn("until", lambda write, plan: write.moment(plan.expected.ends_at), width=17),
        SheetColumn("host", lambda write, plan: write.name(plan.expected.host_id)),
        SheetColumn("booked_by", lambda write, plan: write.name(plan.expected.booked_by)),
        SheetColumn("marks", _marks, width=12),
    ),
    lambda plan: Parties(plan.expected.host_id, plan.expected.host_id, (plan.expected.booked_by,)),
    {"manager": Scope.ALL, "steward": Scope.ALL, "consultant": Scope.OWN},
    lambda plan: (
        f"{plan.expected.flag}_planned" if isinstance(plan, Planned) else "plan_changed",
    ),
    shows_customers=True,
)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty of the table, or one that a post told of in its own words."""

    state: str
    text: str
    due_at: datetime | None = None
    post: str | None = None
    at: datetime | None = None
    by: str | None = None
    reason: str | None = None


def _duties(day: Day, asked: FileReading) -> Iterator[DutyRow]:
    reports = [message for message in day.messages if message.kind in _DUTIES]
    reasons = {message.duty_id: message.reason or message.note for message in reports}
    for duty in duties_of_day(asked.db, day.on):
        if duty.state is DutyState.DROPPED or (duty.is_open and duty.due_at > asked.now):
            continue
        is_missed = duty.state is DutyState.MISSED or duty.is_overdue(asked.now)
        yield DutyRow(
            "missed" if is_missed else "open" if duty.is_open else duty.state,
            duty.text,
            duty.due_at,
            duty.post,
            None if duty.state is DutyState.MISSED else duty.ended_at,
            duty.by,
            reasons.get(duty.duty_id),
        )
    for told in reports:
        if told.duty_id is None:
            state, note = _DUTIES[told.kind or ""], told.note or ""
            yield DutyRow(state, note, None, None, told.at, told.staff_id, told.reason)


DUTIES = RegisterSheet(
    "duties",
    _duties,
    (
        SheetColumn("on", lambda write, duty: write.on(duty.due_at or duty.at), width=11),
        SheetColumn("due", lambda write, duty: write.time(duty.due_at), width=7),
        SheetColumn("post", lambda write, duty: write.word("role", duty.post), width=10),
        SheetColumn("duty", lambda _write, duty: duty.text, Mask.FREE, 30),
        SheetColumn("state", lambda write, duty: write.say(f"duty_{duty.state}")),
        SheetColumn("who", lambda write, duty: write.name(duty.by)),
        SheetColumn("at", lambda write, duty: write.time(duty.at), width=7),
        SheetColumn("reason", lambda _write, duty: duty.reason or "", Mask.FREE, 30),
    ),
    lambda duty: Parties(host_id=duty.by),
    {"manager": Scope.ALL},
    lambda duty: (f"duty_{duty.state}",),
    is_signed=True,
)


@dataclass(slots=True)
class PassRow:
    """A known car that came, when it left, and what the gate found."""

    car: Message
    left_at: datetime | None = None
    found: Message | None = None


def _pass_cars(day: Day) -> list[PassRow]:
    """In the order in which they came; a car that leaves ends its latest row."""
    rows: dict[str, PassRow] = {}
    inside: dict[str | None, PassRow] = {}
    for told in day.messages:
        if told.entry == PASS_CAR:
            rows[told.visit_id or ""] = inside[told.plate] = PassRow(told)
        elif told.entry == "Departure" and told.plate in inside:
            inside.pop(told.plate).left_at = told.seen_at
        elif told.kind in _CHECKED and (row := rows.get(told.visit_id or "")):
            row.found = told
    return list(rows.values())


def _pass_state(row: PassRow) -> str:
    """What the gate found; before that, what the pass is worth."""
    return (row.found.kind or "").removeprefix("pass_") if row.found else row.car.verdict or ""


def _pass_kinds(row: PassRow) -> tuple[str, ...]:
    is_inside = row.left_at is None and row.car.verdict in ("quiet", "check")
    inside = ("pass_inside",) if is_inside else ()
    return (f"pass_{row.car.kind}", f"pass_{_pass_state(row)}", *inside)


PASSES = RegisterSheet(
    "passes",
    of_day(_pass_cars),
    (
        SheetColumn("on", lambda write, row: write.on(row.car.at), width=11),
        SheetColumn("came", lambda write, row: write.time(row.car.at), width=7),
        SheetColumn("left", lambda write, row: write.time(row.left_at), width=7),
        SheetColumn("plate", lambda write, row: write.key(row.car.plate), Mask.PLATE, 12),
        SheetColumn("kind", lambda write, row: write.say(f"pass_{row.car.kind}"), width=10),
        SheetColumn("holder", lambda write, row: write.key(row.car.name), Mask.FREE, 14),
        SheetColumn("number", lambda _write, row: row.car.number or "", width=10),
        SheetColumn("state", lambda write, row: write.say(f"pass_{_pass_state(row)}"), width=12),
        SheetColumn(
            "reason", lambda _write, row: (row.found and row.found.note) or "", Mask.FREE, 16
        ),
    ),
    lambda row: Parties(host_id=row.found.staff_id if row.found else None),
    {"manager": Scope.ALL, "gate": Scope.ALL},
    _pass_kinds,
)
