"""What the posts report about a visitor whom they serve (服务), and who is told next."""

import logging
from collections.abc import Iterator

from broker.alerts.calls import Call, Guest, calls_of_needs
from broker.alerts.care import ORDER_WORDS, calls_of_order, heard, now_due
from broker.alerts.watch_calls import call_of_many_alarms
from broker.handlers.alerting import close, guest, name_of, raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.handlers.duty_work import duty_told
from broker.handlers.pass_cars import pass_checked
from broker.handlers.report_commands import visit_of, what_of_left
from broker.handlers.report_kinds import REPORTS, Service
from broker.rules.authority import What
from broker.rules.reported import DOES
from shared.errors import MessageError
from shared.ids import new_id
from shared.messages import CloseReason, Message, ReportKind, StaffReport

log = logging.getLogger(__name__)


def told_next(hub: Hub, report: StaffReport) -> Iterator[Message]:
    """Keep what a post reports about a visitor, and tell the next post."""
    row = REPORTS[report.kind]
    if report.duty_id is not None and row.ticks is not None:
        yield from duty_told(hub, report, row.ticks)
        return
    if row.of_pass:
        yield from pass_checked(hub, report)
        return
    if DOES[report.kind] is What.WEATHER:
        hub.inbox.weather.changed()
    for call in _calls(hub, report):
        for told in hub.often_told.bounded(call):
            yield from raise_alert(hub, NO_VISIT, told, Guest())
    is_finish = report.kind is ReportKind.LEFT and what_of_left(hub, report) is What.FINISH
    if row.service is not None and not is_finish:
        yield from _served(hub, report, row.service)


def _calls(hub: Hub, report: StaffReport) -> Iterator[Call]:
    """Whom a report about no visitor calls. Every alarm rings; of one phone that raises many the
    manager hears besides whose it is."""
    row, who = REPORTS[report.kind], name_of(hub, report.staff_id) or report.staff_id
    if row.tells is None:
        return
    yield from row.tells(who, report)
    if DOES[report.kind] is What.RAISE_ALARM and hub.often_told.are_many_alarms(report.staff_id):
        yield call_of_many_alarms(who)


def _served(hub: Hub, report: StaffReport, service: Service) -> Iterator[Message]:
    """Do what the report does for its visitor."""
    moment, roles = hub.clock(), hub.roles_of(report.staff_id)
    visit_id = _visit_id(hub, report, service)
    visit = hub.visits.find(visit_id)
    if visit is not None and visit.finished_at is not None:
        log.info("report %s: visit %s is over, nothing follows", report.report_id, visit_id)
        return
    known = heard(hub.alert_groups.care(visit_id), report)
    care = service.change(known, hub.decider.policy, moment)
    hub.alert_groups.save_care(care)
    if visit is not None and visit.surname is None and report.surname:
        hub.visits.hear_name(visit_id, report.surname, report.salutation)
    for group in hub.alert_groups.open_of(visit_id):
        if service.is_done(group, roles):
            yield from close(hub, group, CloseReason.CLAIMED, report.staff_id)
        elif service.is_called_off(group, roles):
            yield from close(hub, group, CloseReason.CANCELLED)
    visitor = guest(hub, visit_id)
    for call in service.calls(care, roles):
        yield from raise_alert(hub, visit_id, call, visitor)


def tell_posts(hub: Hub, visit_id: str) -> Iterator[Message]:
    """Tell the posts what the visitor asked for at the tablet: an umbrella, a drink."""
    visitor = guest(hub, visit_id)
    calls = (*calls_of_needs(visitor), *calls_of_order(hub.alert_groups.care(visit_id)))
    for call in calls:
        yield from raise_alert(hub, visit_id, call, visitor)


def remind(hub: Hub) -> Iterator[Message]:
    """Tell the bar what is due: an order that is not served yet, a refill."""
    for care in hub.alert_groups.cares_due(hub.clock()):
        after, calls = now_due(care, hub.decider.policy, hub.clock())
        hub.alert_groups.save_care(after)
        for group in hub.alert_groups.open_of(care.visit_id):
            if group.about in ORDER_WORDS:  # one alert per table
                yield from close(hub, group, CloseReason.CANCELLED)
        visitor = guest(hub, care.visit_id)
        for call in calls:
            yield from raise_alert(hub, care.visit_id, call, visitor)


def _visit_id(hub: Hub, report: StaffReport, service: Service) -> str:
    if report.visit_id is None and service.is_of_newcomer:
        return new_id(hub.clock())
    found = visit_of(hub, report)
    if found is None:
        raise MessageError("error.report_visit", report_id=report.report_id)
    return found
