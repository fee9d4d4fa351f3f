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
"""A bare file name, without a folder."""


class Staff(Settings, frozen=True, kw_only=True):
    """A person with a handheld. ``pin`` logs them in on any phone."""

    id: NodeId
    name: Annotated[str, Meta(max_length=40)]
    roles: tuple[NodeId, ...]
    pin: str
    team: str | None = None
    picture: FileName | None = None
    """A file in the `pictures_dir` of each kiosk."""
    has_left: bool = False
    """Left the company: kept for their name; they own no customers and receive nobody."""


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
    """New names for posts; ``key`` is the role."""

    def __post_init__(self) -> None:
        """Refuse what would only fail later: repeated ids or keys, unknown people in the line."""
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
        """The keys of the words to choose from, by kind: ``drinks``, ``seats`` …"""
        return {kind: tuple(word.key for word in words) for kind, words in self._offered.items()}

    @cached_property
    def words(self) -> SiteWords:
        """The names of the house's own words; see ``words_of``."""
        return words_of(chain.from_iterable(self._offered.values()), self.posts)

    def menu(self) -> tuple[Drink, ...]:
        """The drinks that the site chose, for its tablets; empty if it chose none."""
        if self.drinks == DRINKS:
            return ()
        names = ((word.key, self.words[word.key]) for word in self.drinks)
        return tuple(
            Drink(key=key, zh_cn=name["zh-CN"], en=name["en"], zh_tw=name["zh-TW"])
            for key, name in names
        )

    def picture_of(self, staff_id: str | None) -> str | None:
        """The file name of their picture; None if there is none."""
        return next((person.picture for person in self.staff if person.id == staff_id), None)

    def names(self) -> dict[str, str]:
        """Every person's name by id."""
        return {person.id: person.name for person in self.staff}


def _twice(names: Iterable[str]) -> str | None:
    """The first name that occurs more than once; None if there is none."""
    return next((name for name, count in Counter(names).items() if count > 1), None)
