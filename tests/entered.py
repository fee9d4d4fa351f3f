"""A customer in a hub's register, as if somebody had entered them long ago."""

from broker.handlers.context import Hub
from broker.rules.facts import Registration
from shared.messages import Moment


def enter(hub: Hub, name: str, phone: str, received_at: Moment, owner: str = "wang") -> None:
    registration = Registration(
        registration_id=name,
        consultant_id=owner,
        registered_at=received_at,
        received_at=received_at,
        phone=phone,
        surname="周",
        salutation="女士",
    )
    with hub.decider.atomic():
        hub.register.add(registration)
