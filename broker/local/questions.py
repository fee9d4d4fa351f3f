"""What a visitor asks for on their own page, or an operator in a command: never sent by MQTT."""

from enum import StrEnum

from shared.messages import Id, Message, Moment, Name, Phone, Plate


class OwnCorrection(Message, frozen=True, kw_only=True):
    """A visitor corrects what they gave at the tablet; None removes a value."""

    correction_id: Id
    check_in_id: Id
    corrected_at: Moment
    surname: Name | None = None
    salutation: Name | None = None
    phone: Phone | None = None
    plate: Plate | None = None


class OwnErasure(Message, frozen=True, kw_only=True):
    """A visitor asks to be erased."""

    erasure_id: Id
    check_in_id: Id
    asked_at: Moment


class Purpose(StrEnum):
    """What an operator does with a person's data: ``yingbin person``."""

    FIND = "find"
    EXPORT = "export"
    ERASE = "erase"


class PersonRequest(Message, frozen=True, kw_only=True):
    """An operator finds, copies or erases a person, whom they have recognized before."""

    request_id: Id
    purpose: Purpose
    asked_at: Moment
    phone: Phone | None = None
    plate: Plate | None = None

    def __post_init__(self) -> None:
        """Require exactly one key: the phone or the plate."""
        super().__post_init__()
        if (self.phone is None) == (self.plate is None):
            raise ValueError("a person is found by a `phone` or by a `plate`")
