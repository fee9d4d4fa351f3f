"""What a tablet and the hub say to each other about a visitor."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.messages.base import Count, Id, Message, Moment, NodeId, Phone, Plate, Text


class Answer3(StrEnum):
    """A visitor's answer to one of the three questions (问岗三问)."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Evidence(StrEnum):
    """What shows that a consultant was in touch (000-3)."""

    NAME = "name"
    SMS = "sms"
    CARD = "card"
    WECHAT = "wechat"
    NONE = "none"


class CheckIn(Message, frozen=True, kw_only=True):
    """A visitor answered the questions on the tablet (到访登记)."""

    check_in_id: Id
    kiosk_id: NodeId
    seq: Count
    checked_in_at: Moment
    phone: Phone | None = None
    surname: Text | None = None
    salutation: Text | None = None
    plate: Plate | None = None
    party_size: Annotated[int, Meta(ge=1, le=99)] | None = None
    is_first_visit: Answer3 = Answer3.UNSURE
    family_visited: Answer3 = Answer3.UNSURE
    was_contacted: Answer3 = Answer3.UNSURE
    named_consultant_id: NodeId | None = None
    named_text: Text | None = None
    evidence: Evidence = Evidence.NONE
    arrival_id: Id | None = None
    """The visitor said "that car is ours"."""
    consented_at: Moment | None = None
    language: Text = "zh-CN"
    needs: tuple[Text, ...] = ()
    drinks: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """A phone number without consent is nobody's to send (PIPL art. 13)."""
        if self.phone is not None and self.consented_at is None:
            raise ValueError("a phone needs `consented_at`")


class Assignment(Message, frozen=True, kw_only=True):
    """Who comes for a visitor, for the tablet to show; holds nothing private of anyone else."""

    check_in_id: Id
    kiosk_id: NodeId
    visit_id: Id
    greeting: Text
    host_name: Text | None
    """None: nobody is free yet, the front desk arranges it."""
    host_picture: Text | None = None
    wait_hint: Text | None = None


class RosterEntry(Struct, frozen=True, kw_only=True):
    """A consultant as a visitor may know him: a name and a picture."""

    consultant_id: NodeId
    name: Text
    picture: Text | None = None


class Roster(Message, frozen=True, kw_only=True):
    """The consultants whom a visitor may name at the tablet; retained."""

    consultants: tuple[RosterEntry, ...]
    sent_at: Moment
