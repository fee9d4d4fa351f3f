"""What a tablet and the hub say to each other about a visitor."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from shared.messages.base import (
    Count,
    Id,
    Message,
    Moment,
    Name,
    NodeId,
    Phone,
    Plate,
    Text,
    Texts,
)
from shared.messages.rules import Needs


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

    rules = (Needs(("phone", "family_phone"), "consented_at", "a phone needs `consented_at`"),)
    """A phone number without consent must not be sent (PIPL art. 13)."""

    check_in_id: Id
    kiosk_id: NodeId
    seq: Count
    checked_in_at: Moment
    phone: Phone | None = None
    surname: Name | None = None
    salutation: Name | None = None
    plate: Plate | None = None
    party_size: Annotated[int, Meta(ge=1, le=99)] | None = None
    is_first_visit: Answer3 = Answer3.UNSURE
    family_visited: Answer3 = Answer3.UNSURE
    was_contacted: Answer3 = Answer3.UNSURE
    named_consultant_id: NodeId | None = None
    named_text: Name | None = None
    family_consultant_id: NodeId | None = None
    """Who received the family or friends (Q2)."""
    family_text: Name | None = None
    """The same, as typed."""
    family_phone: Phone | None = None
    """The phone of the family member who was here before (Q2)."""
    evidence: Evidence = Evidence.NONE
    arrival_id: Id | None = None
    """The visitor said "that car is ours"."""
    consented_at: Moment | None = None
    agrees_across: bool = False
    """Their phone may be compared with the group's other projects: asked for by itself."""
    language: Text = "zh-CN"
    needs: Texts = ()
    """``umbrella``, ``wheelchair`` …"""
    drinks: Texts = ()
    visitor_number: Text | None = None
    """Stands on the tablet's last page, so that the host finds the visitor."""
    guest: Text | None = None
    """What the visitor's invitation holds, which the hub made; they were asked nothing then."""
    page_key: Id | None = None
    """SHA-256 (hex) of the secret in the visitor's QR code, which opens their own data."""
    sent_at: Moment | None = None


class Coming(StrEnum):
    """How far it is with the person whom an assignment names."""

    ASKED = "asked"
    """Called, and has not answered yet."""
    SET_OUT = "set_out"
    """Said that they go."""
    MET = "met"
    """Is with the visitor, or the visit is over: the tablet is free."""


class Assignment(Message, frozen=True, kw_only=True):
    """Who comes for a visitor, for the tablet to show; holds nothing private of anyone else."""

    check_in_id: Id
    kiosk_id: NodeId
    visit_id: Id
    greeting: Text
    host_name: Text | None
    """None: nobody is free or can be reached yet, the front desk arranges it."""
    host_picture: Text | None = None
    wait_hint: Text | None = None
    """How long a visitor waits for whom nobody is free, by today's receptions."""
    coming: Coming = Coming.ASKED
    notice: Text | None = None
    """What the visitor is told kindly instead: the house is kept for somebody else just now."""


class OfferedCar(Struct, frozen=True, kw_only=True):
    """A car that a visitor may say is theirs; masked, so that nobody learns a plate from it."""

    arrival_id: Id
    plate: Text
    """Masked: ``浙A·8**88``."""
    seen_at: Moment


class RecentArrivals(Message, frozen=True, kw_only=True):
    """The cars of the last minutes that nobody has checked in with, newest first."""

    cars: Annotated[tuple[OfferedCar, ...], Meta(max_length=20)]
    sent_at: Moment


class PassKind(StrEnum):
    """Whose car it is."""

    OWNER = "owner"
    STAFF = "staff"
    SUPPLIER = "supplier"
    TOUR = "tour"
    OTHER = "other"
    BLACK = "black"
    """It may not come in."""
    VIP = "vip"
    """A visitor like any other, of whom the manager hears at the gate."""


class ServiceKind(StrEnum):
    """Why somebody comes who is not a customer (002)."""

    CONSTRUCTION = "construction"
    """施工."""
    DELIVERY = "delivery"
    """送货."""
    MEETING = "meeting"
    """找人."""
    PROPERTY = "property"
    """物业."""


class ServiceVisit(Message, frozen=True, kw_only=True):
    """Somebody who is not a customer came in at a tablet: name, how many, to whom (002)."""

    service_visit_id: Id
    kiosk_id: NodeId
    seq: Count
    kind: ServiceKind
    name: Name
    party_size: Annotated[int, Meta(ge=1, le=99)] = 1
    whom: Name | None = None
    number: Text
    """What they type when they leave."""
    came_at: Moment
    sent_at: Moment | None = None


class ServiceVisitEnd(Message, frozen=True, kw_only=True):
    """The person of a service visit has left."""

    end_id: Id
    service_visit_id: Id
    kiosk_id: NodeId
    seq: Count
    left_at: Moment
    sent_at: Moment | None = None


class RosterEntry(Struct, frozen=True, kw_only=True):
    """A consultant as visitors may know them: a name and a picture."""

    consultant_id: NodeId
    name: Text
    picture: Text | None = None
    spellings: tuple[Text, ...] = ()
    """The name as pinyin and as initials, so that a tablet finds it without asking the hub."""


class Drink(Struct, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN", "zh_tw": "zh-TW"}):
    """A drink of the house (水吧), as the menu names it in each language."""

    key: Text | None = None
    """What a check-in carries; None: its Chinese name."""
    zh_cn: Text
    en: Text
    zh_tw: Text

    def named_in(self, language: str) -> str:
        """Its name; ``language`` is a tag such as ``zh-CN``."""
        return str(getattr(self, language.lower().replace("-", "_")))


Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$(?!\n)")]


class Brand(Struct, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN", "zh_tw": "zh-TW"}):
    """How the house shows itself; None: as every house does, and by its usual name."""

    colour: Colour | None = None
    """Of buttons and what is chosen."""
    second: Colour | None = None
    """Of what decorates."""
    logo: Text | None = None
    """A file in the folder of pictures, as ``welcome``."""
    welcome: Text | None = None
    """A picture or a quiet film."""
    zh_cn: Text | None = None
    en: Text | None = None
    zh_tw: Text | None = None

    def named_in(self, language: str) -> str | None:
        """The house's name; ``language`` is a tag such as ``zh-CN``."""
        name = getattr(self, language.lower().replace("-", "_"))
        return None if name is None else str(name)

    def without_files(self) -> "Brand":
        """The same where no folder holds its files."""
        return replace(self, logo=None, welcome=None)


class Tablet(Struct, frozen=True, kw_only=True):
    """A tablet that a manager named: whoever comes with its link is let in, the first time."""

    tablet_id: NodeId
    name: Text
    kiosk_id: NodeId
    """Whose pages it shows."""
    key: Id
    """Of the link's secret; see ``shared/ids.py``."""
    good_until: Moment
    """The link's last moment."""


class Roster(Message, frozen=True, kw_only=True):
    """What a tablet is told of the house: whom a visitor may name, and its drinks; retained."""

    consultants: Annotated[tuple[RosterEntry, ...], Meta(max_length=500)]
    sent_at: Moment
    drinks: Annotated[tuple[Drink, ...], Meta(max_length=100)] = ()
    """Empty: the site did not say, the tablet offers its own."""
    brand: Brand | None = None
    exempt: Annotated[tuple[Drink, ...], Meta(max_length=100)] = ()
    """Who need not enter themselves (免登记): a key and its names."""
    tablets: Annotated[tuple[Tablet, ...], Meta(max_length=100)] = ()
    """Which tablets may come in by a link; one that is not here is not let in any more."""
    known_across: bool = False
    """Phones are compared with the group's other projects: the visitor's consent says so."""
