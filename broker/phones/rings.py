"""What goes out of an alert, and to whom: never a name, a phone or a whole plate."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from broker.phones.settings import PhoneSettings, is_quiet
from broker.site_file import Staff
from shared.messages import Alert, Level
from shared.privacy import masked_plate

Say = Callable[..., str]
_REPORTS = {
    "day": "alert_title.day_report",
    "week": "alert_title.week_report",
    "month": "alert_title.month_report",
}
"""The only alerts whose text goes out: it has numbers and nobody's name."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A message to one person."""

    staff_id: str
    url: str
    title: str
    body: str


def rings(
    alert: Alert, staff: Iterable[Staff], settings: PhoneSettings, at: datetime, say: Say
) -> Iterator[Ring]:
    """Whom this alert rings by a second channel at ``at``, site time."""
    report = next((name for name, title in _REPORTS.items() if alert.title == say(title)), None)
    if (alert.level is Level.INFO and report is None) or is_quiet(settings.quiet, at.time()):
        return
    for person in staff:
        channel = settings.people.get(person.id)
        is_meant = alert.staff_id == person.id or alert.role in person.roles
        if channel is None or not is_meant or person.has_left:
            continue
        if report and report not in channel.reports:
            continue
        if not is_quiet(channel.quiet, at.time()):
            body = alert.text if report else _body(alert, settings, say)
            yield Ring(person.id, channel.url, say("page.brand"), body)


def _body(alert: Alert, settings: PhoneSettings, say: Say) -> str:
    link = f"{settings.link}#alert={alert.alert_id}" if settings.link else ""
    about = alert.visitor_number or (masked_plate(alert.plate) if alert.plate else "")
    said = say("phones.claim" if alert.needs_claim else "phones.notice")
    return "\n".join(part for part in (said, about, link) if part)
