"""Open alerts as the pages show them: one card for each visit, with everybody who was asked."""

from collections.abc import Iterable, Mapping

from broker.console.alert_view import AlertLine, RungLine
from broker.handlers.announce import NO_VISIT
from broker.wording.alert_text import as_read
from shared.messages import Alert, Level


def cards_of(
    alerts: Iterable[Alert], names: Mapping[str, str], language: str
) -> tuple[AlertLine, ...]:
    """The cards of these open alerts, the newest first; what needs nobody has none."""
    of_visit: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda alert: alert.raised_at):
        if alert.needs_claim:
            event = alert.alert_id if alert.visit_id == NO_VISIT else alert.visit_id
            of_visit.setdefault(event, []).append(alert)
    cards = [_card(about, names, language) for about in of_visit.values()]
    return tuple(sorted(cards, key=lambda card: card.raised_at, reverse=True))


def _card(alerts: list[Alert], names: Mapping[str, str], language: str) -> AlertLine:
    lead = max(alerts, key=lambda alert: (alert.level is Level.URGENT, alert.raised_at))
    words = as_read(lead, language)
    return AlertLine(
        alert_id=lead.alert_id,
        title=words.title,
        text=words.text,
        role=lead.role,
        name=names.get(lead.staff_id or ""),
        level=lead.level,
        raised_at=alerts[0].raised_at,
        visit_id=lead.visit_id,
        rungs=_rungs(alerts, names),
    )


def _rungs(alerts: list[Alert], names: Mapping[str, str]) -> tuple[RungLine, ...]:
    """Each person and post once, as it stands now."""
    asked = [
        RungLine(alert.role, names.get(alert.staff_id or ""), alert.raised_at, is_asked=True)
        for alert in alerts
    ]
    before = [
        RungLine(rung.role, rung.name, rung.at, is_asked=False)
        for alert in alerts
        for rung in alert.ladder
    ]
    each = {(rung.role, rung.name): rung for rung in (*before, *asked)}
    return tuple(sorted(each.values(), key=lambda rung: rung.at))
