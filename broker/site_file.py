"""The people of a site and the customers known before the first day: ``site.toml``."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from shared.config import Settings
from shared.messages import NodeId, Phone

FileName = Annotated[str, Meta(pattern=r"^[\w-][\w.-]{0,60}$(?!\n)")]
"""No folder in it."""


class Staff(Settings, frozen=True, kw_only=True):
    """A person with a handheld. ``pin`` logs him in on any phone."""

    id: NodeId
    name: str
    roles: tuple[NodeId, ...]
    pin: str
    team: str | None = None
    picture: FileName | None = None
    """A file in the `pictures_dir` of each kiosk."""
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

    def picture_of(self, staff_id: str | None) -> str | None:
        """The name of his picture's file; None without one."""
        return next((one.picture for one in self.staff if one.id == staff_id), None)

    def names(self) -> dict[str, str]:
        """Every person's name by id."""
        return {person.id: person.name for person in self.staff}
