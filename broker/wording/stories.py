"""What happened in a visit besides decisions and notices, as sentences in the reader's language."""

from typing import Any

from broker.rules.events import Event, OwnerPhoned, snake_case
from broker.rules.notices import LookedUp
from broker.wording.decisions import Teller
from broker.wording.names import called
from shared.privacy import mask_phone, mask_plate


def fact(teller: Teller, event: Event) -> str:
    """A fact as a sentence; phones and plates are masked."""
    if isinstance(event, OwnerPhoned):
        key = "story.owner_reached" if event.is_reached else "story.owner_silent"
        return teller.say(
            key, by=teller.name(event.by), consultant=teller.name(event.consultant_id)
        )
    return teller.say(
        f"story.{snake_case(type(event).__name__)}",
        plate=mask_plate(getattr(event, "plate", None) or ""),
        consultant=teller.name(getattr(event, "consultant_id", None) or getattr(event, "by", None)),
        who=_who(teller, event),
    )


def key_asked_for(teller: Teller, look_up: LookedUp) -> str:
    """By what somebody was looked up: a masked phone or plate, or a name."""
    if look_up.phone:
        return mask_phone(look_up.phone)
    return mask_plate(look_up.plate) if look_up.plate else look_up.name or ""


def _who(teller: Teller, event: Any) -> str:
    surname, salutation = getattr(event, "surname", None), getattr(event, "salutation", None)
    phone = getattr(event, "phone", None)
    parts = [called(surname, salutation, teller.language), mask_phone(phone) if phone else ""]
    return "".join(f" {part}" for part in parts if part)
