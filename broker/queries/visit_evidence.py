"""The evidence of one visit, from the journal: who entered, looked up, claimed, received, ruled."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from broker.console.dispute_view import (
    Answers,
    ChainedEntry,
    ClaimLine,
    RulingLine,
    TimelineLine,
    Topic,
    VisitEvidence,
)
from broker.journal.mentions import entries_that_mention
from broker.journal.steps import STEP, Step
from broker.queries import unmaskings
from broker.queries.register_readings import entry_lines, readings
from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Keys, Registration
from broker.rules.state import MANAGER
from broker.store.register import CustomerRegister
from broker.store.visit_row import VisitRow
from broker.store.visits import Visits
from broker.wording.decisions import Teller
from broker.wording.names import called
from broker.wording.stories import fact, key_asked_for
from shared.database import Database

LOOK_UPS_BEFORE = timedelta(days=31)
"""How long before the visit a look-up is still shown."""
STEPS_AT_MOST = 400
"""A phone or plate that came so often that older steps are left out."""

_TOPICS: dict[type[e.Event], Topic] = {
    e.Arrived: Topic.GATE,
    e.PlateCorrected: Topic.GATE,
    n.DepartureAsked: Topic.GATE,
    e.StayedOn: Topic.GATE,
    e.CheckedIn: Topic.CHECK_IN,
    e.VisitorCorrected: Topic.CHECK_IN,
    e.KeysLearnt: Topic.CHECK_IN,
    e.Acknowledged: Topic.RECEPTION,
    e.VisitorMet: Topic.RECEPTION,
    e.OwnerPhoned: Topic.RECEPTION,
    e.FamilyLinked: Topic.CHECK_IN,
    e.Finished: Topic.RECEPTION,
    n.Transferred: Topic.CLAIM,
    n.Claimed: Topic.CLAIM,
    n.DisputeOpened: Topic.CLAIM,
    n.Ruled: Topic.RULING,
}
"""Other events with a sentence are notices."""


@dataclass(slots=True)
class _Gathered:
    """What the steps of the journal say of a visit, in their order."""

    visit: VisitRow
    teller: Teller
    lines: list[TimelineLine] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)
    claims: dict[str, ClaimLine] = field(default_factory=dict)
    check_in: c.CheckIn | None = None
    decided: e.Decided | None = None
    ruled: n.Ruled | None = None
    is_open: bool = False
    moments: dict[type[e.Event], datetime] = field(default_factory=dict)
    left_at: datetime | None = None

    def take(self, step: Step) -> None:
        """Note what ``step`` has to do with the visit."""
        of_visit = [event for event in step.events if self._is_of_visit(event)]
        if of_visit and isinstance(step.command, c.Depart):
            self.left_at = step.command.at
        if of_visit and isinstance(step.command, c.CheckIn):
            self.check_in = step.command
        for event in of_visit:
            self._note(event)
        for event in step.events:
            if isinstance(event, n.LookedUp):
                self._look_up(event)

    def _is_of_visit(self, event: e.Event) -> bool:
        return getattr(event, "visit_id", None) == self.visit.visit_id

    def _note(self, event: Any) -> None:
        self.moments.setdefault(type(event), event.at)
        self.parties |= {who for who in _concerned(event) if who}
        if isinstance(event, e.Decided):
            self.decided = event
            text = self.teller.decision(event)
            self.lines.append(TimelineLine(event.at, Topic.DECISION, text, event.rule))
            return
        if isinstance(event, n.DisputeOpened):
            self.is_open = True
            self._claims_of(event)
        elif isinstance(event, n.Claimed):
            self._claim(event)
        elif isinstance(event, n.Ruled):
            self.is_open, self.ruled = False, event
        if not isinstance(event, n.Registered):  # the register's entries have lines of their own
            is_notice = isinstance(event, n.Notice)
            text = self.teller.notice(event) if is_notice else fact(self.teller, event)
            topic = _TOPICS.get(type(event), Topic.NOTICE)
            self.lines.append(TimelineLine(event.at, topic, text))

    def _claims_of(self, event: n.DisputeOpened) -> None:
        """What the register says for each owner; what they said themselves stays."""
        for claim in event.claims:
            who, basis = claim.owner_id, claim.basis
            if who is None:
                continue
            said = self.claims.get(who)
            self.claims[who] = ClaimLine(
                staff_id=who,
                consultant=self.teller.name(who),
                ground=said.ground if said else basis.evidence,
                at=said.at if said else None,
                registered_at=basis.registered_at,
                protected_until=basis.protected_until,
            )

    def _claim(self, event: n.Claimed) -> None:
        who = event.consultant_id or ""
        said = self.claims.get(who) or ClaimLine(who, self.teller.name(who), None)
        self.is_open = True
        self.claims[who] = ClaimLine(
            staff_id=who,
            consultant=said.consultant,
            ground=event.ground.value,
            at=event.at,
            registered_at=said.registered_at,
            protected_until=said.protected_until,
        )

    def _look_up(self, event: n.LookedUp) -> None:
        came_at = datetime.fromisoformat(self.visit.opened_at)
        if event.at < came_at - LOOK_UPS_BEFORE:
            return
        who, what = self.teller.name(event.consultant_id), key_asked_for(self.teller, event)
        text = self.teller.say("dispute.looked_up", who=who, what=what)
        self.lines.append(TimelineLine(event.at, Topic.LOOK_UP, text))


def evidence_of(db: Database, visit_id: str, teller: Teller, now: datetime) -> VisitEvidence | None:
    """The evidence of the visit; None: there is none, or it was never decided."""
    visit = Visits(db).find(visit_id)
    if visit is None:
        return None
    entries = CustomerRegister(db).find(_keys(visit))
    seqs, is_cut = _steps(db, visit, entries)
    told = _Gathered(visit, teller)
    for step in _read(db, seqs):
        told.take(step)
    if told.decided is None:
        return None
    told.lines.extend(_entered(entries, visit, teller))
    told.lines.extend(_seen_in_full(db, visit_id, teller))
    found = _dispute(told, entries, now, is_cut=is_cut)
    return replace(found, chained=tuple(_chained(db, seqs)))


def _chained(db: Database, seqs: Iterable[int]) -> Iterator[ChainedEntry]:
    for seq in seqs:
        found = db.conn.execute("select seq, at, kind, hash from journal where seq = ?", [seq])
        yield from (ChainedEntry(*row) for row in found)


def _dispute(
    told: _Gathered, entries: Sequence[Registration], now: datetime, *, is_cut: bool
) -> VisitEvidence:
    visit, teller = told.visit, told.teller
    decided, came_at = told.decided, datetime.fromisoformat(visit.opened_at)
    host_id = visit.claimed_by or visit.host_id
    last_day = now - timedelta(days=teller.policy.ruling_within_days)
    return VisitEvidence(
        visit_id=visit.visit_id,
        came_at=came_at,
        visitor=called(visit.surname, visit.salutation, teller.language),
        phone=visit.phone,
        plate=visit.plate,
        arrived_at=told.moments.get(e.Arrived),
        checked_in_at=told.moments.get(e.CheckedIn),
        left_at=told.left_at,
        finished_at=told.moments.get(e.Finished),
        host_id=host_id,
        host=teller.name(host_id) or None,
        owner_id=visit.owner_id,
        owner=teller.name(visit.owner_id) or None,
        rule=visit.rule,
        sentence=teller.decision(decided) if decided else None,
        answers=_answers(told.check_in, teller),
        claims=tuple(
            sorted(told.claims.values(), key=lambda claim: claim.staff_id != visit.owner_id)
        ),
        readings=readings(entries, visit, teller),
        entries=entry_lines(entries, visit, decided, teller),
        timeline=tuple(sorted(told.lines, key=lambda line: line.at)),
        ruling=_ruling(told.ruled, teller),
        is_open=told.is_open,
        parties=frozenset(told.parties - {MANAGER}),
        can_be_ruled_on=came_at >= last_day,
        is_cut=is_cut,
    )


def _keys(visit: VisitRow) -> Keys:
    return Keys(phone=visit.phone, plates=(visit.plate,) if visit.plate else ())


def _steps(
    db: Database, visit: VisitRow, entries: Sequence[Registration]
) -> tuple[list[int], bool]:
    """The entries that name the visit or the customer, in order; whether older ones are left out.

    The visit's own are all there.
    """
    own = entries_that_mention(db, [visit.visit_id])
    ids = (registration.registration_id for registration in entries)
    names = [name for name in (visit.phone, visit.plate, *ids) if name]
    others = entries_that_mention(db, names)
    wanted = sorted({*own, *others[-STEPS_AT_MOST:]})
    return wanted, len(others) > STEPS_AT_MOST


def _read(db: Database, wanted: Iterable[int]) -> Iterator[Step]:
    for seq in wanted:
        found = db.conn.execute(
            "select body from journal where seq = ? and kind = ?", [seq, STEP]
        ).fetchone()
        if found:
            yield msgspec.json.decode(found[0], type=Step)


def _concerned(event: Any) -> Iterator[str | None]:
    """Whom an event makes a party: it gave them the visitor, or they asked for the visitor."""
    if isinstance(event, e.Decided):
        yield event.owner_id
    elif isinstance(event, e.Acknowledged | n.Claimed | n.Ruled):
        yield event.consultant_id
    elif isinstance(event, n.Transferred):
        yield from (event.consultant_id, event.from_id)
    elif isinstance(event, n.DisputeOpened):
        yield from (claim.owner_id for claim in event.claims)


def _entered(
    entries: Iterable[Registration], visit: VisitRow, teller: Teller
) -> Iterator[TimelineLine]:
    for line in entry_lines(entries, visit, None, teller):
        keys = teller.say("dispute.and").join(teller.say(f"dispute.key_{key}") for key in line.keys)
        marks = "".join(teller.say(f"dispute.also_{mark}") for mark in line.marks)
        text = teller.say("dispute.entered", who=line.consultant, keys=keys, marks=marks)
        yield TimelineLine(line.registered_at, Topic.ENTRY, text)


def _seen_in_full(db: Database, visit_id: str, teller: Teller) -> Iterator[TimelineLine]:
    for seen in unmaskings.of_visit(db, visit_id):
        text = teller.say("dispute.unmasked", who=teller.name(seen.who), reason=seen.reason)
        yield TimelineLine(seen.at, Topic.LOOK_UP, text)


def _answers(check_in: c.CheckIn | None, teller: Teller) -> Answers | None:
    if check_in is None:
        return None
    return Answers(
        first_visit=check_in.first_visit.value,
        family=check_in.family.value,
        contacted=check_in.contacted.value,
        named=teller.name(check_in.named) or None,
        family_named=teller.name(check_in.family_named) or None,
        evidence=check_in.evidence.value,
    )


def _ruling(ruled: n.Ruled | None, teller: Teller) -> RulingLine | None:
    if ruled is None:
        return None
    winner, manager = teller.name(ruled.consultant_id), teller.name(ruled.by) or None
    return RulingLine(ruled.at, winner, manager, ruled.reason)
