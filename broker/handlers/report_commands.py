"""What each kind of report asks the house rules for."""

from datetime import UTC, datetime

from broker.handlers.clock_troubles import vouch_for_clock
from broker.handlers.context import Hub
from broker.rules import commands
from broker.rules.authority import What, may_at_post
from broker.rules.commands import Command
from broker.rules.facts import Keys
from broker.rules.state import MANAGER
from shared.errors import MessageError
from shared.messages import Ground, ReportKind, StaffReport


def received_by(hub: Hub, staff_id: str) -> str | None:
    """The visit that this person receives now; of several, the latest."""
    hosted = [
        visit.visit_id for visit in hub.decider.state.visits.values() if visit.host_id == staff_id
    ]
    return hosted[-1] if hosted else None


def visit_of(hub: Hub, report: StaffReport) -> str | None:
    """The visit that the report is about: the one that it names, or the sender's own."""
    if report.visit_id is not None:
        return report.visit_id
    is_stood_in = report.kind is ReportKind.TAKE_OVER
    return (stood_in_for if is_stood_in else received_by)(hub, report.staff_id)


def stood_in_for(hub: Hub, staff_id: str) -> str | None:
    """The visit that uses this person's turn while a stand-in receives."""
    visits = hub.decider.state.visits.values()
    is_meant = (visit for visit in visits if visit.turn_of == staff_id != visit.host_id)
    return next((visit.visit_id for visit in is_meant), None)


def away(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Mark somebody as away. Only a manager grants leave: consultants cannot excuse themselves."""
    is_excused = report.is_excused and MANAGER in hub.roles_of(report.staff_id)
    return commands.Away(at=at, consultant_id=_whose_day(report), is_excused=is_excused)


def back(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Somebody is at their post again."""
    return commands.Back(at=at, consultant_id=_whose_day(report))


def join(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Somebody begins their day."""
    return commands.Join(at=at, consultant_id=_whose_day(report))


def leave(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Somebody ends their day."""
    return commands.Leave(at=at, consultant_id=_whose_day(report))


def serving(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """The host receives; a manager says so for a host whose phone can't."""
    visit = hub.decider.state.visits.get(visit_of(hub, report) or "")
    if visit is None:
        return None
    who = report.staff_id
    if who not in hub.decider.state.roster:
        if visit.ownership is None or visit.host_id in (None, MANAGER):
            return commands.Claim(at=at, visit_id=visit.visit_id, staff_id=who)
        who = visit.host_id or ""
    return commands.Ack(at=at, consultant_id=who, visit_id=visit.visit_id)


def declined(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """The host can't receive: they say so, or the owner or a manager for them."""
    visit = hub.decider.state.visits.get(visit_of(hub, report) or "")
    if visit is None or visit.host_id in (None, MANAGER):
        return None
    return commands.PassOn(at=at, consultant_id=visit.host_id or "", visit_id=visit.visit_id)


def finished(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """The reception is over."""
    visit_id = visit_of(hub, report)
    return commands.Finish(at=at, visit_id=visit_id) if visit_id else None


def left(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """The visitor left with the car, says the host; from cart and show flat it ends nothing."""
    is_host_s = what_of_left(hub, report) is What.FINISH
    return finished(hub, report, at) if is_host_s else None


def what_of_left(hub: Hub, report: StaffReport) -> What:
    """Whose ``left`` it is: the host's of this visit, or that of cart and show flat."""
    visit = hub.visit(report.visit_id)
    is_host = visit is not None and visit.host_id == report.staff_id
    goes_along = may_at_post(What.COME_AND_GO, hub.roles_of(report.staff_id))
    return What.COME_AND_GO if goes_along and not is_host else What.FINISH


def still_here(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """The car left, the visitor did not."""
    return commands.StillHere(at=at, visit_id=_visit(hub, report))


def family(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """The visitor belongs to the family of a customer (F27)."""
    keys = tuple(key for key in (report.phone, report.plate) if key is not None)
    if not keys:
        raise MessageError("error.report_family", report_id=report.report_id)
    return commands.LinkFamily(at=at, visit_id=_visit(hub, report), keys=keys, by=report.staff_id)


def called_owner(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """The owner was phoned before somebody else receives (R6)."""
    visit_id = _visit(hub, report)
    return commands.OwnerCalled(
        at=at, visit_id=visit_id, by=report.staff_id, is_reached=report.is_reached
    )


def met(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """A post has seen the visitor; a car without a plate is no visit of the rules yet."""
    visit_id = visit_of(hub, report)
    if visit_id not in hub.decider.state.visits:
        return None
    return commands.Met(at=at, visit_id=visit_id or "", by=report.staff_id)


def let_in(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """A post lets the visitor in while the house is kept."""
    visit_id = visit_of(hub, report)
    return commands.LetIn(at=at, visit_id=visit_id, by=report.staff_id) if visit_id else None


def turn_away(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """A post asks the visitor to come another time."""
    visit_id = visit_of(hub, report)
    return commands.TurnAway(at=at, visit_id=visit_id) if visit_id else None


def owner_found(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """The true owner turned out (R12)."""
    visit_id, owner_id = _both(hub, report)
    return commands.OwnerFound(
        at=at,
        visit_id=visit_id,
        consultant_id=owner_id,
        by=report.staff_id,
        is_manager=MANAGER in hub.roles_of(report.staff_id),
        ground=report.evidence or Ground.NAME,
    )


def claim(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """The sender says that the visitor is theirs (R15)."""
    ground = report.evidence or Ground.NAME
    visit_id = _visit(hub, report)
    return commands.ClaimVisitor(
        at=at, visit_id=visit_id, consultant_id=report.staff_id, ground=ground
    )


def hand_over(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """A colleague receives from now on, by courtesy (R12)."""
    visit_id, who = _both(hub, report)
    return commands.HandOver(
        at=at,
        visit_id=visit_id,
        consultant_id=who,
        by=report.staff_id,
        is_manager=MANAGER in hub.roles_of(report.staff_id),
    )


def ruling(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """A manager's ruling (R15)."""
    visit_id, owner_id = _both(hub, report)
    return commands.Rule(
        at=at,
        visit_id=visit_id,
        consultant_id=owner_id,
        reason=_reason(report),
        by=report.staff_id,
    )


def take_back_skip(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """A manager gives a place back (R23)."""
    visit_id, who = _both(hub, report)
    return commands.TakeBackSkip(
        at=at, visit_id=visit_id, consultant_id=who, reason=_reason(report)
    )


def set_order(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Today's line (R21)."""
    today = hub.decider.policy.local(at).date()
    return commands.NextDay(at=at, on=today, order=report.order)


def close_day(_hub: Hub, _report: StaffReport, at: datetime) -> Command:
    """The day ends, and with it the visits that nobody finished."""
    return commands.CloseDay(at=at)


def stand_in(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Somebody receives in place of the host who was called (R24, R6)."""
    who = report.by_staff_id or report.staff_id
    visit = hub.decider.state.visits.get(report.visit_id or "")
    for_id = report.for_staff_id or (visit.host_id if visit else None)
    if for_id is None:
        raise MessageError("error.stand_in", report_id=report.report_id)
    if visit is not None and visit.turn_of is None:  # the host's own customer: a help (R6)
        return commands.Help(at=at, visit_id=visit.visit_id, for_id=for_id, consultant_id=who)
    return commands.StandIn(at=at, consultant_id=who, for_id=for_id)


def take_over(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """The first receives, not the stand-in (R24)."""
    visit_id = _visit(hub, report)
    return commands.TakeOver(at=at, consultant_id=report.staff_id, visit_id=visit_id)


def leaves_company(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Somebody leaves the company (R4b)."""
    if report.for_staff_id is None:
        raise MessageError("error.report_whom", report_id=report.report_id, kind=report.kind.value)
    return commands.LeavesCompany(at=at, consultant_id=report.for_staff_id)


def release_entries(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Entries that waited count (R3b, R4b)."""
    if not report.registration_ids and report.for_staff_id is None:
        raise MessageError("error.report_entries", report_id=report.report_id)
    return commands.ReleaseEntries(
        at=at, registration_ids=report.registration_ids, consultant_id=report.for_staff_id
    )


def confirm_clock(hub: Hub, report: StaffReport, _at: datetime) -> None:
    """A manager says that the clock of the hub's machine is right; it is set at the next look."""
    try:
        shown = datetime.fromisoformat(report.note or "").astimezone(UTC)
    except ValueError as error:
        raise MessageError("error.report_clock", report_id=report.report_id) from error
    vouch_for_clock(hub, shown)


def _whose_day(report: StaffReport) -> str:
    return report.for_staff_id or report.staff_id


def _visit(hub: Hub, report: StaffReport) -> str:
    visit_id = visit_of(hub, report)
    if visit_id is None:
        raise MessageError("error.report_visit", report_id=report.report_id)
    return visit_id


def _both(hub: Hub, report: StaffReport) -> tuple[str, str]:
    if report.for_staff_id is None:
        raise MessageError("error.report_both", report_id=report.report_id)
    return _visit(hub, report), report.for_staff_id


def _reason(report: StaffReport) -> str:
    reason = report.reason or report.note
    if not reason:
        raise MessageError("error.report_reason", report_id=report.report_id, kind=report.kind)
    return reason


def follow_up(hub: Hub, report: StaffReport, _at: datetime) -> None:
    """A customer was called, or will be: only their owner says so, and the rules ask nothing.

    Raises:
        MessageError: it is somebody else's customer, or it does not say what came of it.
    """
    if report.registration_id is None:
        return  # about nobody: it is kept and changes nothing
    is_said = report.outcome if report.kind is ReportKind.FOLLOWED_UP else report.days
    if is_said is None:
        raise MessageError("error.follow_up_unsaid", report_id=report.report_id)
    if report.kind is ReportKind.SNOOZED and not (report.reason or "").strip():
        raise MessageError("error.snooze_reason")
    found = hub.register.find(Keys(registration_ids=(report.registration_id,)))
    own = {one.registration_id for one in found if one.consultant_id == report.staff_id}
    if report.registration_id not in own:
        raise MessageError("error.not_yours")
    hub.overdue.look_soon()
