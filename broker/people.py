"""The people of a site and the customers known before the first day: ``site.toml``."""

from datetime import datetime

from shared.config import Settings
from shared.messages import NodeId, Phone


class Staff(Settings, frozen=True, kw_only=True):
    """A person with a handheld. ``pin`` logs him in on any phone."""

    id: NodeId
    name: str
    roles: tuple[NodeId, ...]
    pin: str
    team: str | None = None
    has_left: bool = False
    """Left the company: kept for his name; he owns nobody and receives nobody."""


class KnownCustomer(Settings, frozen=True, kw_only=True):
    """A registration made on paper before this system came (客户登记)."""

    consultant: NodeId
    at: datetime
    surname: str | None = None
    salutation: str | None = None
    phone: Phone | None = None
    plates: tuple[str, ...] = ()


class SitePeople(Settings, frozen=True, kw_only=True):
    """``site.toml``: staff, the first day's rotation (当日排轮表) and known customers."""

    staff: tuple[Staff, ...]
    order: tuple[NodeId, ...]
    registered: tuple[KnownCustomer, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would only fail later: names twice, a line of unknown people."""
        ids = [person.id for person in self.staff]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"two people have the id {twice[0]!r}")
        consultants = {person.id for person in self.staff if "consultant" in person.roles}
        wanted = (*self.order, *(customer.consultant for customer in self.registered))
        if unknown := sorted(set(wanted) - consultants):
            raise ValueError(f"{unknown[0]!r} is no consultant among `staff`")

    def names(self) -> dict[str, str]:
        """Every person's name by id."""
        return {person.id: person.name for person in self.staff}
