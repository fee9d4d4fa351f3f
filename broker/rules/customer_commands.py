"""Commands about whose customer somebody is: entered, looked up, claimed, handed over, ruled on."""

from broker.rules.command_base import Command
from shared.messages import GivenCustomer as GivenCustomer
from shared.messages import Ground


class OwnerFound(Command, frozen=True, kw_only=True):
    """During the reception it turns out who the true owner is (R12)."""

    visit_id: str
    consultant_id: str
    """The owner."""
    by: str | None = None
    """Who reports it; None: the host."""
    is_manager: bool = False
    """A manager reports it."""
    ground: Ground = Ground.NAME


class ClaimVisitor(Command, frozen=True, kw_only=True):
    """A consultant says that a visitor is theirs: a dispute opens, nobody moves (R12, R15)."""

    visit_id: str
    consultant_id: str
    ground: Ground = Ground.NAME


class HandOver(Command, frozen=True, kw_only=True):
    """A colleague receives from now on, by courtesy: owner and turn stay as they were (R12)."""

    visit_id: str
    consultant_id: str
    by: str | None = None
    """Who asks for it; None: the host."""
    is_manager: bool = False


class LinkFamily(Command, frozen=True, kw_only=True):
    """The visitor belongs to the family of the customer with these phones or plates (F27)."""

    visit_id: str
    keys: tuple[str, ...]
    by: str


class OwnerCalled(Command, frozen=True, kw_only=True):
    """Who receives for the owner has phoned them first (R6)."""

    visit_id: str
    by: str
    is_reached: bool = False


class FollowUpsOverdue(Command, frozen=True, kw_only=True):
    """These consultants, and no others, have a customer whom they should have called (回访)."""

    consultant_ids: tuple[str, ...] = ()


class LeavesCompany(Command, frozen=True, kw_only=True):
    """A consultant leaves the company today (R4b)."""

    consultant_id: str


class HandOverCustomers(Command, frozen=True, kw_only=True):
    """The manager hands the customers of somebody who left to colleagues, in one act (R4b)."""

    act_id: str
    consultant_id: str
    """Who left."""
    given: tuple[GivenCustomer, ...]


class ReleaseEntries(Command, frozen=True, kw_only=True):
    """The manager lets entries count that waited: of a bulk list (R3b), of an orphan (R4b)."""

    registration_ids: tuple[str, ...] = ()
    consultant_id: str | None = None
    """All entries and bookings of this person that wait."""


class Register(Command, frozen=True, kw_only=True):
    """A consultant enters a customer (客户登记)."""

    registration_id: str
    consultant_id: str
    phone: str | None = None
    plates: tuple[str, ...] = ()
    surname: str | None = None
    salutation: str | None = None
    channel: str | None = None
    """``phone``, ``walk_in`` …; None: not said."""
    visit_id: str | None = None
    """The visit during which the host learnt the keys (R3)."""


class LookUp(Command, frozen=True, kw_only=True):
    """A consultant asks whose customer somebody is; the question is logged (R3)."""

    consultant_id: str
    phone: str | None = None
    plate: str | None = None
    name: str | None = None
    shown: tuple[str, ...] = ()
    """The ids of the registrations that the answer showed."""


class Rule(Command, frozen=True, kw_only=True):
    """The manager's ruling: this visit's customer belongs to ``consultant_id`` (R15)."""

    visit_id: str
    consultant_id: str
    reason: str
    by: str | None = None
    """Which manager."""
