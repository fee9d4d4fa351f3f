"""What the handlers work with: the parts of the hub, and who works at the site."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from broker.decider import Decider
from broker.handlers.gate_pictures import GatePictures
from broker.handlers.newcomers import Newcomers
from broker.handlers.often_told import OftenTold
from broker.handlers.overdue_calls import OverdueCalls
from broker.handlers.presence import Presence
from broker.handlers.told_tablets import ToldTablets
from broker.journal.choices import Choices
from broker.journal.entries import Journal
from broker.leaving.who_left import has_left, staff_here
from broker.log_ins.sessions import LogIns
from broker.personal.nightly_erasing import NightlyErasing
from broker.personal.persons import Persons
from broker.registers.period_numbers import PeriodNumbers
from broker.rules.authority import Actor
from broker.rules.match import spellings
from broker.rules.state import Visit
from broker.site_clock.keeper import ClockKeeper
from broker.site_file import Device, SitePeople, Staff
from broker.store.alert_groups import AlertGroups
from broker.store.duty_rows import Duties
from broker.store.hub_disk import HubDisk
from broker.store.inbox import Inbox
from broker.store.offered_cars import OfferedCars
from broker.store.raised_alerts import RaisedAlerts
from broker.store.register import CustomerRegister
from broker.store.senders import Senders
from broker.store.service_visits import OtherVisitors
from broker.store.visits import Visits
from broker.wording.decisions import Teller
from shared.clock import Clock
from shared.messages import Roster, RosterEntry, Tablet
from shared.outbox import Outbox
from shared.words import DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything that a handler may use."""

    inbox: Inbox
    raised_alerts: RaisedAlerts
    visits: Visits
    register: CustomerRegister
    alert_groups: AlertGroups
    decider: Decider
    journal: Journal
    outbox: Outbox
    presence: Presence
    clock: Clock
    choices: Choices
    offered: OfferedCars
    others: OtherVisitors
    persons: Persons
    nightly: NightlyErasing
    senders: Senders
    often_told: OftenTold
    disk: HubDisk
    tablets: ToldTablets
    log_ins: LogIns
    duties: Duties
    newcomers: Newcomers = field(default_factory=Newcomers)
    pictures: GatePictures = field(default_factory=GatePictures)
    overdue: OverdueCalls = field(default_factory=OverdueCalls)
    in_making: dict[tuple[str, date], PeriodNumbers] = field(default_factory=dict)
    """Reports of which some days are read, by kind and last day."""
    keeper: ClockKeeper | None = None
    """Sets ``clock``; None: nobody does, as on a trial."""
    invited: Callable[[str], str | None] = lambda _: None
    """The booking that an invitation names; None: it is none of ours."""
    language: str = DEFAULT_LANGUAGE
    """The language in which staff are told things."""
    says_yao: bool = False
    """Whether a voice says «幺» for the digit 1 in a plate."""
    found_at_start: str | None = None
    """What was wrong with the hub's file when it started, as its presence says."""

    @property
    def people(self) -> SitePeople:
        """Who works at the site now, and what it calls things."""
        return self.choices.people

    def seal(self) -> None:
        """Note where the journal ends; what is held in memory waits until it is saved."""
        if not self.disk.is_unsaved:
            self.journal.seal()

    def roster(self) -> Roster:
        """What tablets show: consultants whom a visitor may name, drinks, brand."""
        consultants = tuple(
            RosterEntry(
                consultant_id=person.id,
                name=person.name,
                picture=person.picture,
                spellings=tuple(sorted(spellings(person.name))),
            )
            for person in self.staff_here()
            if "consultant" in person.roles
        )
        return Roster(
            consultants=consultants,
            sent_at=self.clock(),
            drinks=self.people.menu(),
            brand=self.people.brand.told(),
            exempt=self.people.let_by(),
            tablets=tuple(_tablets(self.people.devices)),
            known_across=self.choices.policy.known_across,
        )

    def staff_here(self) -> tuple[Staff, ...]:
        """Everybody who works here."""
        return staff_here(self.people, self.decider.state)

    def has_left(self, staff_id: str) -> bool:
        """Whether this person left the company."""
        return has_left(self.people, self.decider.state, staff_id)

    def teller(self, language: str) -> Teller:
        """Puts the rules' decisions into words, with the names of this site's staff."""
        return Teller(self.people.names(), self.decider.policy, language, self.people.words)

    def roles_of(self, staff_id: str) -> tuple[str, ...]:
        """The posts that this person holds; empty for somebody unknown, or who left."""
        return next((person.roles for person in self.staff_here() if person.id == staff_id), ())

    def actor(self, staff_id: str) -> Actor:
        """This person as the rules ask who may do what; who left the company has no post."""
        return Actor(staff_id, self.roles_of(staff_id))

    def visit(self, visit_id: str | None) -> Visit | None:
        """This visit, open or over; None if there is none."""
        opened = self.decider.state.visits.get(visit_id or "")
        row = self.visits.find(visit_id) if opened is None and visit_id else None
        if row is None:
            return opened
        return Visit(
            visit_id=row.visit_id,
            arrived_at=datetime.fromisoformat(row.opened_at),
            entry=0,
            owner_id=row.owner_id,
            host_id=row.host_id,
        )

    def people_of(self, role: str) -> tuple[str, ...]:
        """The ids of those who hold this post and still work here."""
        return tuple(person.id for person in self.staff_here() if role in person.roles)


def _tablets(devices: Iterable[Device]) -> Iterator[Tablet]:
    """Which tablets may come in, as the kiosks are told."""
    for held in devices:
        if held.kiosk_id is not None:
            yield Tablet(
                tablet_id=held.id,
                name=held.name,
                kiosk_id=held.kiosk_id,
                key=held.key,
                good_until=held.good_until,
            )
