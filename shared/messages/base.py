"""What every message is made of: a frozen struct, and the kinds of values in it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]
Id = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$(?!\n)")]
"""Made by the sender; ours are UUID version 7."""
NodeId = Annotated[str, Meta(pattern=r"^[0-9a-z_-]{1,32}$(?!\n)")]
"""A gate, a kiosk, a person or a role: one level of a topic, so no ``/``, ``+`` or ``#``."""
LONGEST_TEXT = 500
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Plate = Annotated[str, Meta(min_length=1, max_length=16)]
Phone = Annotated[str, Meta(pattern=r"^1[3-9]\d{9}$(?!\n)")]
Ratio = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""As far as every reader of JSON counts exactly."""
Plates = Annotated[tuple[Plate, ...], Meta(max_length=20)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=20)]


class Message(Struct, frozen=True):
    """Base of everything that crosses MQTT."""
