"""The demo's last days: visitors who checked in by themselves, and what their hosts noted.

A hub of the past takes the messages of a tablet, a gate and phones, so every register has rows
that came as they do at a real site. The line then stands as on a new site's first morning: each
consultant has had as many turns.
"""

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.demo_visitors import CASES, COURIER, ENQUIRER, VISITORS, DemoVisitor
from broker.hub.opening import open_hub
from broker.hub.whole_file import trouble_at_start
from broker.journal.entries import FILE_NAME
from broker.local.questions import CaseOpened, CaseStep
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from shared.clock import Clock
from shared.disk import disk_trouble
from shared.messages import (
    Ack,
    Alert,
    Answer3,
    Arrival,
    CheckIn,
    Departure,
    LookUp,
    Message,
    Registration,
    ReportKind,
    ServiceKind,
    ServiceVisit,
    ServiceVisitEnd,
    StaffReport,
)
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

GATE, TABLET = "north", "lobby"
MANAGER, DOOR, CALLED = "chen", "damen", "li"
"""Who works on the cases, enters them, and takes a phone enquiry."""
OPENS = time(9, 30)
TAPS, DRIVE, STAY = timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=55)
APART = timedelta(minutes=12)
EARLIER_TODAY = timedelta(hours=2)
"""So long before its start the demo's own day began, if that was not yesterday."""


class _PastClock:
    """Shows the moment that the story has come to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


def live_last_days(folder: Path, people: SitePeople, policy: Policy, clock: Clock) -> None:
    """Fill a new file of the demo's hub in ``folder``.

    A file that was ever there is left alone, and so are people who are not the demo's, and a disk
    that takes nothing.
    """
    path = folder / FILE_NAME
    is_known = path.exists() or trouble_at_start(path, lambda: False) is not None
    if is_known or not {MANAGER, DOOR, CALLED} <= people.names().keys():
        return
    started_at = clock()
    try:
        for days_ago, visitors in VISITORS.items():
            begins_at = _begin(policy, started_at, days_ago)
            if begins_at is not None:
                past = _PastClock(begins_at)
                hub = open_hub(folder, people, policy, past)
                with closing(hub.inbox.db.conn):
                    _Story(hub, past, days_ago).tell(visitors)
                    hub.journal.seal()
    except (OSError, sqlite3.Error) as error:
        if disk_trouble(error, folder) is None:
            raise
        log.warning("the demo begins without its last days: %s", error)


def _begin(policy: Policy, started_at: datetime, days_ago: int) -> datetime | None:
    """When that day's first visitor comes; None: the demo's own day is too young."""
    local = policy.local(started_at)
    if days_ago:
        on = local.date() - timedelta(days=days_ago)
        return datetime.combine(on, OPENS, local.tzinfo)
    begun_at = local - EARLIER_TODAY
    return begun_at if begun_at.date() == local.date() else None


class _Story:
    """One day's messages, each handled as the hub handles it, and nothing of them sent."""

    def __init__(self, hub: Hub, clock: _PastClock, days_ago: int) -> None:
        self._hub, self._clock, self._days_ago = hub, clock, days_ago
        self._count = 0

    def tell(self, visitors: tuple[DemoVisitor, ...]) -> None:
        """The day's visitors come, one after the other, and leave; what else there was."""
        begun_at = self._clock()
        came = []
        for number, visitor in enumerate(visitors):
            self._clock.moment = begun_at + number * APART
            if received := self._comes(visitor):
                came.append((visitor, *received))
        self._others()
        for number, (visitor, visit_id, host_id) in enumerate(came):
            self._clock.moment = begun_at + STAY + number * APART / 2
            self._leaves(visitor, visit_id, host_id)

    def _comes(self, visitor: DemoVisitor) -> tuple[str, str] | None:
        """By car or on foot to the tablet; the visit and its host. None: nobody was free."""
        arrival_id = self._drives_in(visitor.plate) if visitor.plate else None
        self._pass(DRIVE)
        check_in = CheckIn(
            check_in_id=self._id(),
            kiosk_id=TABLET,
            seq=self._count,
            checked_in_at=self._clock(),
            consented_at=self._clock(),
            phone=visitor.phone,
            surname=visitor.surname,
            salutation=visitor.salutation,
            party_size=visitor.party_size,
            is_first_visit=Answer3.YES,
            family_visited=Answer3.NO,
            was_contacted=Answer3.NO,
            arrival_id=arrival_id,
            visitor_number=str(100 + self._count),
        )
        told = self._said(check_in)
        visit = self._hub.visits.of_check_in(check_in.check_in_id)
        if visit is None or visit.host_id is None:
            return None
        self._is_met(visit.visit_id, visit.host_id, told)
        return visit.visit_id, visit.host_id

    def _is_met(self, visit_id: str, host_id: str, told: list[Message]) -> None:
        """The host's phone answers the call, and soon they are with the visitor."""
        self._pass(TAPS / 3)
        for alert in told:
            if isinstance(alert, Alert) and alert.staff_id == host_id:
                ack = Ack(
                    ack_id=self._id(),
                    alert_id=alert.alert_id,
                    staff_id=host_id,
                    acked_at=self._clock(),
                )
                self._said(ack)
        self._pass(TAPS)
        self._reports(ReportKind.SERVING, host_id, visit_id)

    def _drives_in(self, plate: str) -> str:
        arrival = Arrival(
            arrival_id=self._id(),
            gate_id=GATE,
            seq=self._count,
            seen_at=self._clock(),
            sent_at=self._clock(),
            plate=plate,
            raw_plate=plate,
            kind="small",
            colour="blue",
            confidence=0.97,
            characters=(0.97,) * len(plate),
            province_confidence=0.98,
        )
        self._said(arrival)
        return arrival.arrival_id

    def _leaves(self, visitor: DemoVisitor, visit_id: str, host_id: str) -> None:
        """The host notes what was wished, and who it was; then they leave."""
        entry = Registration(
            registration_id=self._id(),
            staff_id=host_id,
            registered_at=self._clock(),
            phone=visitor.phone,
            surname=visitor.surname,
            salutation=visitor.salutation,
            plates=(visitor.plate,) if visitor.plate else (),
            visit_id=visit_id,
            channel="walk_in",
        )
        self._said(entry)
        wished = {"purpose": visitor.purpose, "area": visitor.area, "budget": visitor.budget}
        more = {"source": visitor.source, "note": visitor.note}
        self._reports(ReportKind.WISHES, host_id, visit_id, **wished, **more)
        self._reports(ReportKind.FINISHED, host_id, visit_id)
        self._reports(ReportKind.LEFT, host_id, visit_id)
        self._pass(TAPS)
        if visitor.plate:
            departure = Departure(
                departure_id=self._id(),
                gate_id=GATE,
                seq=self._count,
                seen_at=self._clock(),
                sent_at=self._clock(),
                plate=visitor.plate,
                confidence=0.97,
            )
            self._said(departure)

    def _others(self) -> None:
        """A courier, a caller, a look-up, and what is wrong in the house."""
        for message in (*self._courier(), *self._enquiry(), *self._cases()):
            self._said(message)
            self._pass(TAPS / 2)

    def _courier(self) -> Iterator[Message]:
        visit_id = self._id()
        yield ServiceVisit(
            service_visit_id=visit_id,
            kiosk_id=TABLET,
            seq=self._count,
            kind=ServiceKind.DELIVERY,
            name=COURIER[0],
            party_size=1,
            whom=COURIER[1],
            number=str(1000 + self._count),
            came_at=self._clock(),
        )
        yield ServiceVisitEnd(
            end_id=self._id(),
            seq=self._count,
            service_visit_id=visit_id,
            kiosk_id=TABLET,
            left_at=self._clock(),
        )

    def _enquiry(self) -> Iterator[Message]:
        phone = f"1360000002{self._days_ago}"
        yield LookUp(look_up_id=self._id(), staff_id=CALLED, asked_at=self._clock(), phone=phone)
        yield Registration(
            registration_id=self._id(),
            staff_id=CALLED,
            registered_at=self._clock(),
            phone=phone,
            surname=ENQUIRER[0],
            salutation=ENQUIRER[1],
            channel="phone",
        )

    def _cases(self) -> Iterator[Message]:
        for kind, text, place in CASES:
            case_id = self._id()
            yield CaseOpened(
                case_id=case_id,
                asked_at=self._clock(),
                kind_of_case=kind,
                text=text,
                place=place,
                staff_id=DOOR,
            )
            for act in ("acknowledge", "solve") if self._days_ago else ("acknowledge",):
                yield CaseStep(
                    step_id=self._id(),
                    case_id=case_id,
                    asked_at=self._clock(),
                    staff_id=MANAGER,
                    act=act,
                )

    def _reports(self, kind: ReportKind, by: str, visit_id: str, **more: str) -> None:
        bare = StaffReport(
            report_id=self._id(),
            staff_id=by,
            kind=kind,
            reported_at=self._clock(),
            visit_id=visit_id,
        )
        self._said(replace(bare, **more))

    def _said(self, message: Message) -> list[Message]:
        """Handle ``message``; what would have been sent then, and is sent to nobody now."""
        let_time_pass(self._hub)
        handle(self._hub, message)
        rows = self._hub.outbox.waiting(1000)
        self._hub.outbox.forget([row.row for row in rows])
        return [row.message for row in rows]

    def _pass(self, span: timedelta) -> None:
        self._clock.moment += span

    def _id(self) -> str:
        self._count += 1
        return f"demo-{self._days_ago}-{self._count}"
