"""What stands out in the consultants' conduct, counted from the journal over some days."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from broker.console.patterns_view import Conduct, MakeUpPair, Patterns, Trail, Unmasking
from broker.journal.steps import STEP
from broker.queries import unmaskings
from broker.queries.past_decisions import day_began
from broker.registers.days import DISORDER, seq_since
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.any_event import AnyEvent
from broker.rules.facts import Keys
from broker.rules.policy import Policy, looked_up_since
from broker.store.register import CustomerRegister
from broker.store.visits import Visits
from shared.database import Database

DAYS_AT_MOST = 31
"""A longer range would read too much of the journal for a page."""
TRAILS_AT_MOST = 20


class _Followed(msgspec.Struct, frozen=True):
    """The part of a step that is counted; the rest of the entry is not even decoded."""

    events: tuple[AnyEvent, ...]


@dataclass(slots=True)
class _Counted:
    """The figures so far."""

    figures: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    firsts: dict[str, e.Decided] = field(default_factory=dict)
    """By visit, the decision on what the visitor said."""
    decisions: dict[str, e.Decided] = field(default_factory=dict)
    """By visit, the last decision."""
    granted: Counter[tuple[str, str]] = field(default_factory=Counter)
    revoked: Counter[tuple[str, str]] = field(default_factory=Counter)
    make_ups: dict[str, tuple[str, str]] = field(default_factory=dict)
    look_ups: defaultdict[str, list[n.LookedUp]] = field(default_factory=lambda: defaultdict(list))
    """By each phone, plate or registration that was asked for or shown."""
    entered: dict[str, n.Registered] = field(default_factory=dict)
    suspected: list[n.LookThenClaim] = field(default_factory=list)
    claims: list[n.Claimed] = field(default_factory=list)

    def take(self, event: Any) -> None:
        """Count ``event``."""
        if name := _FIGURES.get(type(event)):
            who = getattr(event, "by", None) or event.consultant_id
            self.figures[who or ""][name] += 1
        if keep := _KEPT.get(type(event)):
            keep(self, event)

    def decide(self, decided: e.Decided) -> None:
        """Keep the first and the last decision of each visit."""
        self.firsts.setdefault(decided.visit_id, decided)
        self.decisions[decided.visit_id] = decided

    def look_up(self, event: n.LookedUp) -> None:
        """Keep the look-up under everything that it asked for or showed."""
        for key in {event.phone, event.plate, *event.shown} - {None}:
            self.look_ups[key or ""].append(event)

    def grant(self, event: n.MakeUpGranted) -> None:
        """Note whose customer the make-up turn was granted for."""
        decided = self.decisions.get(event.make_up.visit_id)
        owner_id = decided.owner_id if decided else None
        pair = (event.make_up.consultant_id, owner_id or "")
        self.make_ups[event.make_up.make_up_id] = pair
        self.granted[pair] += 1

    def revoke(self, event: n.MakeUpRevoked) -> None:
        """Note that it was taken back; one that was granted before these days is not counted."""
        if pair := self.make_ups.get(event.make_up_id):
            self.revoked[pair] += 1


_FIGURES: Mapping[type[e.Event], str] = {
    n.Registered: "entered",
    n.LateEntry: "entered_late",
    n.BulkRegistration: "held",
    n.ContradictsAnswers: "contradicted",
    n.LookedUp: "looked_up",
    n.LookThenClaim: "looked_then_entered",
    n.Claimed: "claimed",
    n.PassedOver: "skipped",
    n.SkipTakenBack: "skips_taken_back",
    n.Unauthorised: "unauthorised",
}
"""What each event counts for, of whoever did it."""
_KEPT: Mapping[type[e.Event], Callable[[_Counted, Any], object]] = {
    e.Decided: _Counted.decide,
    n.MakeUpGranted: _Counted.grant,
    n.MakeUpRevoked: _Counted.revoke,
    n.LookedUp: _Counted.look_up,
    n.Registered: lambda counted, event: counted.entered.update(
        {event.registration.registration_id: event}
    ),
    n.LookThenClaim: lambda counted, event: counted.suspected.append(event),
    n.Claimed: lambda counted, event: counted.claims.append(event),
}


def patterns_of(
    db: Database, first: date, last: date, policy: Policy, names: Mapping[str, str]
) -> Patterns:
    """What stands out from ``first`` to ``last``, at most ``DAYS_AT_MOST`` days back from it."""
    first = max(first, last - timedelta(days=DAYS_AT_MOST - 1))
    counted = _Counted()
    days = day_began(policy, first), day_began(policy, last + timedelta(days=1))
    for event in _events(db, *days):
        counted.take(event)
    _count_receptions(counted)
    trails = sorted(
        _trails(db, counted, policy, names), key=lambda trail: trail.then_at, reverse=True
    )
    people = [
        Conduct(staff_id=staff_id, name=names.get(staff_id, staff_id), **figures)
        for staff_id, figures in counted.figures.items()
        if staff_id in names
    ]
    people.sort(key=lambda person: (-_weight(person), -person.received, person.name))
    return Patterns(
        first,
        last,
        tuple(people),
        tuple(_pairs(counted, names)),
        tuple(trails[:TRAILS_AT_MOST]),
        tuple(_unmaskings(db, *days, names)),
    )


def _unmaskings(
    db: Database, since: datetime, until: datetime, names: Mapping[str, str]
) -> list[Unmasking]:
    """Who saw a visitor's phone and plate in full, the latest first."""
    found = unmaskings.between(db, seq_since(db, since), seq_since(db, until))
    return [replace(each, who=names.get(each.who, each.who)) for each in found][::-1]


def _events(db: Database, since: datetime, until: datetime) -> Iterator[e.Event]:
    start = seq_since(db, since - DISORDER)
    end = seq_since(db, until + DISORDER)
    rows = db.conn.execute(
        "select body from journal where seq >= ? and seq < ? and kind = ? order by seq",
        [start, end, STEP],
    )
    decoder = msgspec.json.Decoder(_Followed)
    for (body,) in rows:
        for event in decoder.decode(body).events:
            if since <= event.at < until:
                yield event


def _count_receptions(counted: _Counted) -> None:
    for visit_id, decided in counted.decisions.items():
        if decided.host_id is None:
            continue
        figures, first = counted.figures[decided.host_id], counted.firsts[visit_id].ownership
        figures["received"] += 1
        figures["natural"] += first.rule == "R14"
        figures["named"] += bool({"named", "family"} & set(first.flags))


def _trails(
    db: Database, counted: _Counted, policy: Policy, names: Mapping[str, str]
) -> Iterator[Trail]:
    """Each look-up that an entry or a claim followed; the last look-up before it counts."""
    register, visits = CustomerRegister(db), Visits(db)
    for suspected in counted.suspected:
        entered = counted.entered.get(suspected.registration_id)
        if entered is not None:
            customer = entered.registration
            keys = {customer.phone, *customer.plates, customer.registration_id}
            asked = _asked_before(counted, suspected, keys, policy)
            if asked is not None:
                yield _trail(suspected, asked, names)
    for claim in counted.claims:
        visit = visits.find(claim.visit_id or "")
        if visit is None:
            continue
        plates = (visit.plate,) if visit.plate else ()
        found = register.find(Keys(phone=visit.phone, plates=plates))
        keys = {visit.phone, visit.plate, *(entry.registration_id for entry in found)}
        if asked := _asked_before(counted, claim, keys, policy, only=claim.consultant_id):
            counted.figures[claim.consultant_id or ""]["looked_then_claimed"] += 1
            yield _trail(claim, asked, names, claim.visit_id)


def _trail(
    then: n.Notice, asked: n.LookedUp, names: Mapping[str, str], visit_id: str | None = None
) -> Trail:
    who, by = then.consultant_id or "", asked.consultant_id or ""
    return Trail(names.get(who, who), names.get(by, by), asked.at, then.at, visit_id)


def _asked_before(
    counted: _Counted,
    event: n.Notice,
    keys: set[str | None],
    policy: Policy,
    *,
    only: str | None = None,
) -> n.LookedUp | None:
    """The last look-up before ``event`` that asked for or showed one of ``keys``."""
    since = looked_up_since(policy, event.at)
    fitting = (
        asked
        for key in keys - {None}
        for asked in reversed(counted.look_ups.get(key or "", ()))
        if since <= asked.at <= event.at and only in (None, asked.consultant_id)
    )
    return max(fitting, key=lambda asked: asked.at, default=None)


def _pairs(counted: _Counted, names: Mapping[str, str]) -> Iterator[MakeUpPair]:
    for (receiver, owner), times in counted.granted.most_common():
        revoked = counted.revoked[receiver, owner]
        yield MakeUpPair(names.get(receiver, receiver), names.get(owner, owner), times, revoked)


def _weight(person: Conduct) -> int:
    """How much there is to look at."""
    return (
        person.entered_late
        + person.held
        + person.contradicted
        + person.looked_then_entered
        + person.looked_then_claimed
        + person.unauthorised
    )
