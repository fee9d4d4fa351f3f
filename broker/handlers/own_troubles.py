"""Trouble of the hub's own: the manager hears of it once while it lasts (告警)."""

import logging
from collections.abc import Sequence

from broker.alerts.calls import Call, Guest
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.context import Hub
from broker.rules.state import MANAGER
from shared.errors import OperatorError
from shared.messages import CloseReason

log = logging.getLogger(__name__)


def tell_of_trouble(hub: Hub, about: str, trouble: str | None, call: Call) -> None:
    """Alert the manager when trouble ``about`` something begins, and end the alert with it.

    ``trouble``: what is kept of it; None: all is well again.
    """
    name = f"hub:{about}"  # in the table of troubles; no gate has a name with a colon
    if trouble == hub.alert_groups.trouble(name):
        return
    with hub.decider.atomic():
        hub.alert_groups.save_trouble(name, trouble)
        messages = [*silence(hub, about, CloseReason.CANCELLED)]
        if trouble is not None:
            messages += raise_alert(hub, about, call, Guest())
        hub.outbox.put_all(messages)


def tell_of_left_out(hub: Hub, left_out: Sequence[OperatorError]) -> None:
    """Tell the manager what a new site's files, or the journal, say that could not be taken."""
    for error in left_out:
        log.warning("left out: %s", error)
    if left_out:
        first = left_out[0].sentence.in_language(hub.language)
        fields = {"count": str(len(left_out)), "first": first}
        call = Call("settings_left_out", MANAGER, fields=fields)
        tell_of_trouble(hub, "settings", str(left_out[0]), call)
