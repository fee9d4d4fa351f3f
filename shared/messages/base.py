"""What every message is made of: a frozen struct, and the kinds of values in it."""

from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta

from shared.keys import LONGEST_TEXT, Keyed, Name, Phone, Plate, Text
from shared.messages.rules import Rule

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

_DAY = (
    r"2[01][0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"|(?:20(?:[02468][048]|[13579][26])|21(?:0[48]|[2468][048]|[13579][26]))-02-29"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_OFFSET = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
Moment = Annotated[
    datetime,
    Meta(
        tz=True,
        extra_json_schema={"pattern": rf"^(?:{_DAY})T{_TIME}{_OFFSET}$(?!\n)"},
    ),
]
"""RFC 3339 with its offset, in the years that ``shared.codec`` believes; no leap seconds."""
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

    rules: ClassVar[tuple[Rule, ...]] = ()

    def __post_init__(self) -> None:
        """Put each field into its stored form; refuse fields that do not go together.

        Raises:
            ValueError: they don't.
        """
        super().__post_init__()
        for rule in self.rules:
            if problem := rule.broken_by(self):
                raise ValueError(problem)
