"""A new site's first steps: a phone rings on trial, a camera is looked through, the key shown."""

from collections.abc import Callable, Iterator
from typing import Any

from broker.alerts.calls import Call, Guest
from broker.handlers.alerting import raise_alert
from broker.handlers.context import Hub
from broker.local.first_questions import AlertTried, CameraLooked, KeyShown
from broker.rules.state import MANAGER
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import GatePicture, Message, PictureAsked

TRIAL = "trial"
"""What the groups of tried alerts are about: no visit."""
KEY_SHOWN = "hub:key_shown"
"""Among the troubles, as other things of which only the latest counts."""


def on_alert_tried(hub: Hub, asked: AlertTried) -> Iterator[Message]:
    """Ring the phone of one person; nobody else is asked instead."""
    if not hub.roles_of(asked.staff_id):
        raise MessageError("error.no_staff", staff_id=asked.staff_id)
    if _noted(hub, asked.request_id, asked, asked.by):
        call = Call("trial", staff_id=asked.staff_id)
        yield from raise_alert(hub, TRIAL, call, Guest())


def on_camera_looked(hub: Hub, asked: CameraLooked) -> Iterator[Message]:
    """Ask the gate for what its camera sees now."""
    if _noted(hub, asked.request_id, asked, asked.by):
        hub.pictures.ask(asked.request_id, asked.gate_id)
        yield PictureAsked(
            gate_id=asked.gate_id, asked_id=asked.request_id, asked_at=asked.asked_at
        )


def on_gate_picture(hub: Hub, picture: GatePicture) -> Iterator[Message]:
    """Let whoever looks see it."""
    hub.pictures.keep(picture)
    yield from ()


def on_key_shown(hub: Hub, asked: KeyShown) -> Iterator[Message]:
    """Note who looked at the key."""
    if _noted(hub, asked.request_id, asked, asked.by):
        hub.alert_groups.save_trouble(KEY_SHOWN, hub.clock().isoformat())
    yield from ()


def _noted(hub: Hub, request_id: str, asked: Message, by: str) -> bool:
    """Whether this is news, which the journal then has with its author.

    Raises:
        MessageError: they are no manager.
    """
    if MANAGER not in hub.roles_of(by):
        raise MessageError("error.not_yours")
    if not hub.inbox.add_message(request_id, asked, hub.clock()):
        return False
    hub.journal.append(type(asked).__name__, request_id, to_json(asked), hub.clock())
    return True


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    AlertTried: on_alert_tried,
    KeyShown: on_key_shown,
    CameraLooked: on_camera_looked,
    GatePicture: on_gate_picture,
}
"""These handlers' rows of the table."""
