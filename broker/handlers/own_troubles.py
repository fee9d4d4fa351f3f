"""Trouble of the hub's own: the manager hears of it once while it lasts (告警)."""

from broker.alerts.calls import Call, Guest
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.context import Hub
from shared.messages import CloseReason


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
