"""What a visitor asks for on their own page, or an operator in a command: never sent by MQTT."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from broker.local.plan_questions import PlansImported
from broker.local.plan_questions import PlanStep as PlanStep
from shared.messages import Id, Message, Moment, Name, NodeId, Phone, Plate

ImportId = Annotated[str, Meta(pattern=r"^imp-[0-9A-Za-z-]{1,40}$(?!\n)")]


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


class PersonRequest(Message, frozen=True, kw_only=True, tag=True):
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


class PersonLeaves(Message, frozen=True, kw_only=True, tag=True):
    """The manager says that somebody leaves the company today (R4b)."""

    request_id: Id
    asked_at: Moment
    staff_id: NodeId
    by: NodeId | None = None
    """Who said so at the console; None: an operator, by a command."""


class Edit(Struct, frozen=True, omit_defaults=True):
    """A row of the site's choices, as it was seen and as it shall be: plain JSON, None: no row."""

    section: Annotated[str, Meta(max_length=32)]
    row: Annotated[str, Meta(max_length=64)]
    was: Any = None
    now: Any = None
    may_differ: bool = False
    """Of a group's document: the site's own choice, if it made one, goes before."""


class DocumentName(Struct, frozen=True):
    """A document of the group: the place in all that head office published, its name, version."""

    number: Annotated[int, Meta(ge=1, lt=1 << 53)]
    name: NodeId
    version: Annotated[int, Meta(ge=1, lt=1 << 31)]


class SettingsChange(Message, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Somebody changes what the site chose (设置): its people, hours, house rules, words."""

    change_id: Id
    asked_at: Moment
    edits: Annotated[tuple[Edit, ...], Meta(min_length=1, max_length=5_000)]
    by: NodeId | None = None
    """Who asked at the console; None: an operator by a command, or the first start."""
    valid_from: Moment | None = None
    """None: from now on."""
    undoes: Id | None = None
    """The change that this takes back."""
    source: Annotated[str, Meta(max_length=200)] | None = None
    """The file that it was read from."""
    document: DocumentName | None = None
    """It came from head office, and from ``valid_from`` replaces older versions by this name."""


class ShiftAsked(Message, frozen=True, kw_only=True):
    """Somebody asks a colleague to swap a day, or the manager for leave (排班)."""

    request_id: Id
    asked_at: Moment
    by: NodeId
    first: date
    last: date | None = None
    with_id: NodeId | None = None
    takes_on: date | None = None
    reason: Annotated[str, Meta(max_length=200)] = ""


class ShiftAnswered(Message, frozen=True, kw_only=True):
    """The colleague or manager agrees to it or not; who asked may take it back."""

    answer_id: Id
    asked_at: Moment
    request_id: Id
    by: NodeId
    is_agreed: bool


class Gift(Struct, frozen=True):
    """An entry of somebody who left, and who gets the customer."""

    registration_id: Id
    to_id: NodeId


class CustomersHandOver(Message, frozen=True, kw_only=True, tag=True):
    """The manager gives the customers of somebody who left to colleagues, in one act (R4b)."""

    act_id: Id
    asked_at: Moment
    from_id: NodeId
    given: Annotated[tuple[Gift, ...], Meta(min_length=1, max_length=5_000)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    by: NodeId | None = None
    """Who gave them at the console; None: an operator, by a command."""


class ListedCustomer(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A row of a table of customers, its keys in their stored form."""

    registration_id: Id
    consultant_id: NodeId
    at: Moment
    """When it was entered on paper."""
    phone: str | None = None
    plates: tuple[str, ...] = ()
    surname: str | None = None
    salutation: str | None = None
    is_unreceived: bool = False
    channel: str | None = None


class CustomersPart(Message, frozen=True, kw_only=True, tag=True):
    """Some rows of a table of customers; they count once the whole table is entered."""

    import_id: ImportId
    asked_at: Moment
    customers: Annotated[tuple[ListedCustomer, ...], Meta(max_length=500)]


class CustomersImported(Message, frozen=True, kw_only=True, tag=True):
    """The whole table is entered: from now on its customers count."""

    import_id: ImportId
    asked_at: Moment
    count: int
    source: Annotated[str, Meta(max_length=200)]
    """The name of the file."""
    by: NodeId | None = None
    """Who imported it at the console; None: an operator, by a command."""


class ImportTakenBack(Message, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """An import is taken back, within a day, or failed half-way; whom somebody received stays."""

    import_id: ImportId
    asked_at: Moment
    by: NodeId | None = None
    entered_at: Moment | None = None
    """When the table was entered, as the hub notes; None: it never was."""


class PersonSignOut(Message, frozen=True, kw_only=True, tag=True):
    """The manager ends somebody's log-ins on all phones and desks."""

    request_id: Id
    asked_at: Moment
    staff_id: NodeId
    by: NodeId | None = None
    """Who asked at the console; None: an operator, by a command."""


class Unmask(Message, frozen=True, kw_only=True):
    """Somebody sees a visitor's phone and plate in full on a page, and says why."""

    request_id: Id
    asked_at: Moment
    staff_id: NodeId
    visit_id: Id
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class CaseOpened(Message, frozen=True, kw_only=True):
    """Somebody enters a case on a page: a colleague, or a visitor by the code in the show flat."""

    case_id: Id
    asked_at: Moment
    kind_of_case: NodeId
    text: Annotated[str, Meta(min_length=1, max_length=1000)]
    note: Annotated[str, Meta(max_length=500)] | None = None
    """What is wished."""
    name: Name | None = None
    phone: Phone | None = None
    place: Annotated[str, Meta(max_length=60)] | None = None
    staff_id: NodeId | None = None
    """None: the visitor."""


class CaseStep(Message, frozen=True, kw_only=True):
    """Somebody does something with a case on its page."""

    step_id: Id
    case_id: Id
    asked_at: Moment
    staff_id: NodeId
    act: NodeId
    note: Annotated[str, Meta(max_length=1000)] | None = None
    by_when: Moment | None = None
    is_on_the_spot: bool = False
    is_sensitive: bool = False


class RegisterRead(Message, frozen=True, kw_only=True):
    """Somebody reads a page of a register that shows customers; it is a look-up (R3)."""

    request_id: Id
    asked_at: Moment
    staff_id: NodeId
    register: NodeId
    visit_ids: Annotated[tuple[Id, ...], Meta(max_length=200)] = ()
    """Whom the page shows."""


class RegisterExported(Message, frozen=True, kw_only=True, tag=True):
    """An operator writes a register with phones and plates in full into a file, and says why."""

    request_id: Id
    asked_at: Moment
    register: NodeId
    first: date
    last: date
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class UpdateTakenBack(Message, frozen=True, kw_only=True, tag=True):
    """A release did not work on this machine, and the one before runs again."""

    request_id: Id
    asked_at: Moment
    version: Annotated[str, Meta(max_length=40)]


class ClockConfirmed(Message, frozen=True, kw_only=True, tag=True):
    """An operator says that the machine's clock, which showed ``shown``, is right."""

    request_id: Id
    shown: Moment


OperatorRequest = (
    PersonRequest
    | PersonLeaves
    | PersonSignOut
    | CustomersHandOver
    | RegisterExported
    | UpdateTakenBack
    | ClockConfirmed
    | SettingsChange
    | CustomersPart
    | CustomersImported
    | ImportTakenBack
    | PlansImported
)
"""What a command on this machine asks the hub by its socket."""
