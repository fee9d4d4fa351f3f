"""The people of a site and the customers known before the first day: ``site.toml``."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Annotated

from msgspec import Meta

from broker.site_words import (
    AWAY_REASONS,
    DRINKS,
    PICK_UPS,
    SEATS,
    SiteWord,
    SiteWords,
    words_of,
)
from shared.config import Settings
from shared.messages import Drink, NodeId, Phone

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


class SitePeople(Settings, frozen=True, kw_only=True, dict=True):
    """``site.toml``: staff, the first day's rotation (当日排轮表), known customers, own words."""

    staff: tuple[Staff, ...]
    order: tuple[NodeId, ...]
    registered: tuple[KnownCustomer, ...] = ()
    drinks: tuple[SiteWord, ...] = DRINKS
    seats: tuple[SiteWord, ...] = SEATS
    pick_ups: tuple[SiteWord, ...] = PICK_UPS
    away_reasons: tuple[SiteWord, ...] = AWAY_REASONS
    posts: tuple[SiteWord, ...] = ()
    """Those that this house calls otherwise, by their role."""

    def __post_init__(self) -> None:
        """Refuse what would only fail later: an id or a key twice, a line of unknown people."""
        if twice := _twice(person.id for person in self.staff):
            raise ValueError(f"two people have the id {twice!r}")
        offered = (word.key for words in self._offered.values() for word in words)
        if twice := _twice(offered) or _twice(post.key for post in self.posts):
            raise ValueError(f"two words have the key {twice!r}")
        consultants = {person.id for person in self.staff if "consultant" in person.roles}
        wanted = (*self.order, *(customer.consultant for customer in self.registered))
        if unknown := sorted(set(wanted) - consultants):
            raise ValueError(f"{unknown[0]!r} is no consultant among `staff`")

    @property
    def _offered(self) -> Mapping[str, tuple[SiteWord, ...]]:
        return {
            "drinks": self.drinks,
            "seats": self.seats,
            "pick_ups": self.pick_ups,
            "away_reasons": self.away_reasons,
        }

    @property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of what a person may choose among, by kind: ``drinks``, ``seats`` …"""
        return {kind: tuple(one.key for one in words) for kind, words in self._offered.items()}

    @cached_property
    def words(self) -> SiteWords:
        """The names of the house's own words; see ``words_of``."""
        return words_of(chain.from_iterable(self._offered.values()), self.posts)

    def menu(self) -> tuple[Drink, ...]:
        """The drinks that the site chose, for its tablets; empty where it chose none."""
        if self.drinks == DRINKS:
            return ()
        names = ((one.key, self.words[one.key]) for one in self.drinks)
        return tuple(
            Drink(key=key, zh_cn=name["zh-CN"], en=name["en"], zh_tw=name["zh-TW"])
            for key, name in names
        )

    def picture_of(self, staff_id: str | None) -> str | None:
        """The name of his picture's file; None without one."""
        return next((one.picture for one in self.staff if one.id == staff_id), None)

    def names(self) -> dict[str, str]:
        """Every person's name by id."""
        return {person.id: person.name for person in self.staff}


def _twice(names: Iterable[str]) -> str | None:
    """One that is there more than once; None where there is none."""
    return next((name for name, count in Counter(names).items() if count > 1), None)
