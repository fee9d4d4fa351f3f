"""What the posts report of a visitor on his way (服务), and who is told next."""

import logging
from collections.abc import Iterator
from dataclasses import replace

from broker.alerts.calls import calls_of_needs
from broker.alerts.care import (
    ORDER_WORDS,
    calls_of_order,
    calls_of_report,
    now_due,
    reported,
)
from broker.alerts.life import AlertGroup, Kind
from broker.handlers.alerting import close, guest, raise_alert
from broker.handlers.context import Hub
from broker.handlers.requests import received_by
from shared.errors import MessageError
from shared.ids import new_id
from shared.messages import CloseReason, Message, ReportKind, StaffReport

log = logging.getLogger(__name__)

SERVICE = frozenset(
    {
        ReportKind.NO_PLATE,
        ReportKind.GREETED,
        ReportKind.SEATED,
        ReportKind.SERVED,
        ReportKind.SHOWFLAT,
        ReportKind.CART,
        ReportKind.ARRIVED,
        ReportKind.LEFT,
    }
)
"""Reports that are no matter of the rules."""
DONE = frozenset({ReportKind.GREETED, ReportKind.SERVED, ReportKind.ARRIVED, ReportKind.LEFT})
"""Whoever reports one of these has done what his post was asked for."""


def told_next(hub: Hub, report: StaffReport) -> Iterator[Message]:
    """Note what a post reports of its visitor, and tell the next post."""
    if report.kind not in SERVICE:
        return
    moment, roles = hub.clock(), hub.roles_of(report.staff_id)
    visit_id = _visit_id(hub, report)
    visit = hub.visits.find(visit_id)
    if visit is not None and visit.finished_at is not None:
        log.info("report %s: visit %s is over, nothing follows", report.report_id, visit_id)
        return
    care = reported(hub.alert_groups.care(visit_id), report, hub.decider.policy, moment)
    hub.alert_groups.save_care(care)
    if visit is not None and visit.surname is None and report.surname:
        hub.visits.save(replace(visit, surname=report.surname, salutation=report.salutation))
    for group in hub.alert_groups.open_of(visit_id):
        if _is_done(group, report, roles):
            yield from close(hub, group, CloseReason.CLAIMED, report.staff_id)
        elif report.kind is ReportKind.SHOWFLAT and group.about in ORDER_WORDS:
            yield from close(hub, group, CloseReason.CANCELLED)
    visitor = guest(hub, visit_id)
    for call in calls_of_report(care, report, roles):
        yield from raise_alert(hub, visit_id, call, visitor)


def tell_posts(hub: Hub, visit_id: str) -> Iterator[Message]:
    """What the visitor wished for at the tablet: an umbrella, a drink."""
    visitor = guest(hub, visit_id)
    calls = (*calls_of_needs(visitor), *calls_of_order(hub.alert_groups.care(visit_id)))
    for call in calls:
        yield from raise_alert(hub, visit_id, call, visitor)


def remind(hub: Hub) -> Iterator[Message]:
    """Tell the bar what is due: an order that was not served, a refill."""
    for care in hub.alert_groups.cares_due(hub.clock()):
        after, calls = now_due(care, hub.decider.policy, hub.clock())
        hub.alert_groups.save_care(after)
        for group in hub.alert_groups.open_of(care.visit_id):
            if group.about in ORDER_WORDS:  # one bell for one table
                yield from close(hub, group, CloseReason.CANCELLED)
        visitor = guest(hub, care.visit_id)
        for call in calls:
            yield from raise_alert(hub, care.visit_id, call, visitor)


def _visit_id(hub: Hub, report: StaffReport) -> str:
    if report.visit_id is not None:
        return report.visit_id
    if report.kind is ReportKind.NO_PLATE:
        return new_id(hub.clock())
    found = received_by(hub, report.staff_id)
    if found is None:
        raise MessageError("error.report_visit", report_id=report.report_id)
    return found


def _is_done(group: AlertGroup, report: StaffReport, roles: tuple[str, ...]) -> bool:
    """Whether this report says that the group is taken care of."""
    if report.kind is ReportKind.SERVED:
        return group.about in ORDER_WORDS
    is_own = group.kind is Kind.POST and any(one.role in roles for one in group.asked)
    return report.kind in DONE and is_own
