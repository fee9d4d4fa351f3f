"""What every message is made of: a frozen struct, and the kinds of values in it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from shared.keys import LONGEST_TEXT, Keyed, Name, Phone, Plate, Text

__all__ = [
    "LONGEST_TEXT",
    "Count",
    "Id",
    "Message",
    "Moment",
    "Name",
    "NodeId",
    "Phone",
    "Plate",
    "Ratio",
    "Text",
]

Moment = Annotated[datetime, Meta(tz=True)]
Id = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$(?!\n)")]
"""Made by the sender; ours are UUID version 7."""
NodeId = Annotated[str, Meta(pattern=r"^[0-9a-z_-]{1,32}$(?!\n)")]
"""A gate, a kiosk, a person or a role: one level of a topic, so no ``/``, ``+`` or ``#``."""
Ratio = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""As far as every reader of JSON counts exactly."""
Plates = Annotated[tuple[Plate, ...], Meta(max_length=20)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=20)]


class Message(Keyed, frozen=True):
    """Base of everything that crosses MQTT."""
