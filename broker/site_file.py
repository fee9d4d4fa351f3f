"""The people of a site and the customers known before the first day: ``site.toml``."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain
from pathlib import Path
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
from shared.colour import readable
from shared.config import Settings, read_what_fits
from shared.errors import BadValueError, OperatorError
from shared.messages import (
    Brand,
    Colour,
    Drink,
    Id,
    Moment,
    Name,
    NodeId,
    PassKind,
    Phone,
    Plate,
    Text,
)
from shared.words import Sentence

FileName = Annotated[str, Meta(pattern=r"^[\w-][\w.-]{0,60}$(?!\n)")]
"""A bare file name, without a folder."""
GROUND = "#f8f1e7"
"""The hall's, on which both colours stand as text (look/tokens.css)."""
ON_COLOUR = "#ffffff"
"""What is written on the first colour."""


def _require_readable(field: str, colour: str | None, *grounds: str) -> None:
    if colour is None or (proposal := readable(colour, *grounds)) == colour.lower():
        return
    problem = Sentence("error.brand_colour", value=colour, proposal=proposal)
    raise BadValueError("error.field", field=field, problem=problem)


class SiteBrand(Settings, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN", "zh_tw": "zh-TW"}):
    """``[brand]`` of ``site.toml``; what is left out is as everywhere else."""

    colour: Colour | None = None
    second: Colour | None = None
    logo: FileName | None = None
    welcome: FileName | None = None
    zh_cn: Text | None = None
    en: Text | None = None
    zh_tw: Text | None = None
    directions: Text | None = None
    """How to come, for text messages to customers."""

    def __post_init__(self) -> None:
        """Refuse a colour that nobody could read, and propose the nearest that can be read.

        Raises:
            BadValueError: names the key, the value and the proposal.
        """
        super().__post_init__()
        _require_readable("brand.colour", self.colour, GROUND, ON_COLOUR)
        _require_readable("brand.second", self.second, GROUND)

    def told(self) -> Brand:
        """The same, as tablets and pages are told."""
        names = {"zh_cn": self.zh_cn, "en": self.en, "zh_tw": self.zh_tw}
        files = {"logo": self.logo, "welcome": self.welcome}
        return Brand(colour=self.colour, second=self.second, **files, **names)


class Staff(Settings, frozen=True, kw_only=True):
    """A person with a handheld. ``pin`` logs them in on any phone."""

    id: NodeId
    name: Name
    roles: tuple[NodeId, ...]
    pin: str
    team: str | None = None
    picture: FileName | None = None
    """A file in the `pictures_dir` of each kiosk."""
    has_left: bool = False
    """Left the company: kept for their name; they own no customers and receive nobody."""


class Pass(Settings, frozen=True, kw_only=True):
    """A known car (通行证): it makes no visitor's alert."""

    id: Id
    plate: Plate
    kind: PassKind = PassKind.OTHER
    holder: Name | None = None
    number: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day; None: for good."""
    area: Text | None = None
    """Where it may go."""


class DeviceKind(StrEnum):
    """What a manager adds by page: the pages of a tablet, or a program on a machine of its own."""

    TABLET = "tablet"
    KIOSK = "kiosk"
    GATE = "gate"


class Device(Settings, frozen=True, kw_only=True):
    """A device that joins the site by a link (设备), and is out of it when its row is gone."""

    id: NodeId
    name: Text
    kind: DeviceKind = DeviceKind.TABLET
    kiosk_id: NodeId | None = None
    """Of a tablet: whose pages it shows."""
    key: Id
    """Of the link's secret; another one ends the device that joined by the last."""
    good_until: Moment
    """The link's last moment."""


class KnownCustomer(Settings, frozen=True, kw_only=True):
    """A registration made on paper before this system came (客户登记)."""

    consultant: NodeId
    at: datetime
    surname: Name | None = None
    salutation: Name | None = None
    phone: Phone | None = None
    plates: tuple[Plate, ...] = ()
    received: bool = True
    """No: entered by phone, and not yet received (R2)."""


class SitePeople(Settings, frozen=True, kw_only=True, dict=True):
    """``site.toml``: staff, the first day's rotation (当日排轮表), known customers, own words."""

    staff: tuple[Staff, ...]
    order: tuple[NodeId, ...]
    registered: tuple[KnownCustomer, ...] = ()
    drinks: tuple[SiteWord, ...] = DRINKS
    seats: tuple[SiteWord, ...] = SEATS
    pick_ups: tuple[SiteWord, ...] = PICK_UPS
    away_reasons: tuple[SiteWord, ...] = AWAY_REASONS
    exempt: tuple[SiteWord, ...] = ()
    """Who comes without being entered (免登记): shown to the posts at the doors."""
    posts: tuple[SiteWord, ...] = ()
    """New names for posts; ``key`` is the role."""
    brand: SiteBrand = SiteBrand()
    passes: tuple[Pass, ...] = ()
    devices: tuple[Device, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would only fail later: repeated ids or keys, others than consultants in line.

        Who is nobody here is no reason not to start: a block may have been taken out; see
        ``strangers``.

        Raises:
            BadValueError: names the key and the value.
        """
        super().__post_init__()
        _require_once((("staff.id", person.id) for person in self.staff), "error.site_same_id")
        _require_once((("passes.id", held.id) for held in self.passes), "error.site_same_id")
        _require_once((("devices.id", held.id) for held in self.devices), "error.site_same_id")
        _require_once((("passes.plate", held.plate) for held in self.passes), "error.site_same_id")
        offered = ((kind, word.key) for kind, words in self._offered.items() for word in words)
        _require_once(((f"{kind}.key", key) for kind, key in offered), "error.site_same_word")
        _require_once((("posts.key", post.key) for post in self.posts), "error.site_same_word")
        consultants = {person.id for person in self.staff if "consultant" in person.roles}
        others = {person.id for person in self.staff} - consultants
        owners = tuple(customer.consultant for customer in self.registered)
        for field, named in (("order", self.order), ("registered.consultant", owners)):
            for staff_id in (staff_id for staff_id in named if staff_id in others):
                raise _refused(field, staff_id, "error.site_no_consultant")

    @property
    def _offered(self) -> Mapping[str, tuple[SiteWord, ...]]:
        return {
            "drinks": self.drinks,
            "seats": self.seats,
            "pick_ups": self.pick_ups,
            "away_reasons": self.away_reasons,
            "exempt": self.exempt,
        }

    @property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the words to choose from, by kind: ``drinks``, ``seats`` …"""
        return {kind: tuple(word.key for word in words) for kind, words in self._offered.items()}

    @cached_property
    def words(self) -> SiteWords:
        """The names of the house's own words; see ``words_of``."""
        return words_of(chain.from_iterable(self._offered.values()), self.posts)

    @property
    def strangers(self) -> tuple[str, ...]:
        """Ids in the line or beside a customer that are nobody's here, each once."""
        known = {person.id for person in self.staff}
        named = (*self.order, *(customer.consultant for customer in self.registered))
        return tuple(dict.fromkeys(staff_id for staff_id in named if staff_id not in known))

    def menu(self) -> tuple[Drink, ...]:
        """The drinks that the site chose, for its tablets; empty if it chose none."""
        return () if self.drinks == DRINKS else self._named(self.drinks)

    def let_by(self) -> tuple[Drink, ...]:
        """Who need not be entered, as the tablets are told."""
        return self._named(self.exempt)

    def _named(self, words: tuple[SiteWord, ...]) -> tuple[Drink, ...]:
        names = ((word.key, self.words[word.key]) for word in words)
        return tuple(
            Drink(key=key, zh_cn=name["zh-CN"], en=name["en"], zh_tw=name["zh-TW"])
            for key, name in names
        )

    def person(self, staff_id: str) -> Staff | None:
        """The person with this id, also one who left; None if there is none."""
        return self._by_id.get(staff_id)

    def pass_of(self, plate: str) -> Pass | None:
        """The pass of the car with this plate; None: it has none."""
        return self._passes.get(plate)

    @cached_property
    def _passes(self) -> Mapping[str, Pass]:
        return {held.plate: held for held in self.passes}

    @cached_property
    def _by_id(self) -> Mapping[str, Staff]:
        return {person.id: person for person in self.staff}

    def picture_of(self, staff_id: str | None) -> str | None:
        """The file name of their picture; None if there is none."""
        return next((person.picture for person in self.staff if person.id == staff_id), None)

    @cached_property
    def left(self) -> frozenset[str]:
        """Who left the company, as the file says."""
        return frozenset(person.id for person in self.staff if person.has_left)

    def names(self) -> Mapping[str, str]:
        """Every person's name by id."""
        return self._names

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {person.id: person.name for person in self.staff}


def first_people(path: Path) -> tuple[SitePeople, tuple[OperatorError, ...]]:
    """Who works at a new site by ``site.toml``, and what it says that cannot be taken.

    A file that is not there says nothing.
    """
    if not path.exists():
        return SitePeople(staff=(), order=()), ()
    return read_what_fits(SitePeople, path, {"staff": [], "order": []})


def _require_once(entries: Iterable[tuple[str, str]], problem: str) -> None:
    """Refuse the first value that comes again; each stands beside its key."""
    seen: set[str] = set()
    for field, value in entries:
        if value in seen:
            raise _refused(field, value, problem)
        seen.add(value)


def _refused(field: str, value: str, problem: str) -> BadValueError:
    return BadValueError("error.field", field=field, problem=Sentence(problem, value=value))
