"""What the handlers work with: the hub's parts, and who works at the site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.decider import Decider
from broker.handlers.presence import Presence
from broker.journal.entries import Journal
from broker.personal.persons import Persons
from broker.rules.match import spellings
from broker.site_file import SitePeople
from broker.store.alert_groups import AlertGroups
from broker.store.inbox import Inbox
from broker.store.offered_cars import OfferedCars
from broker.store.raised_alerts import RaisedAlerts
from broker.store.register import CustomerRegister
from broker.store.service_visits import OtherVisitors
from broker.store.visits import Visits
from broker.wording.decisions import Teller
from shared.clock import Clock
from shared.messages import Roster, RosterEntry
from shared.outbox import Outbox
from shared.words import DEFAULT_LANGUAGE

LATE_AFTER = timedelta(seconds=120)
"""An event delivered later is stored and rings nowhere (contract)."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything a handler may touch."""

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
    people: SitePeople
    offered: OfferedCars
    others: OtherVisitors
    persons: Persons
    language: str = DEFAULT_LANGUAGE
    """Of what staff are told."""
    says_yao: bool = False
    """A voice says «幺» for a plate's 1."""

    def roster(self) -> Roster:
        """What the tablets are told: the consultants whom a visitor may name, and the drinks."""
        consultants = tuple(
            RosterEntry(
                consultant_id=person.id,
                name=person.name,
                picture=person.picture,
                spellings=tuple(sorted(spellings(person.name))),
            )
            for person in self.people.staff
            if "consultant" in person.roles and not person.has_left
        )
        return Roster(consultants=consultants, sent_at=self.clock(), drinks=self.people.menu())

    def teller(self, language: str) -> Teller:
        """Who puts the rules' decisions into words, with the names of this house."""
        return Teller(self.people.names(), self.decider.policy, language, self.people.words)

    def is_late(self, happened_at: datetime) -> bool:
        """Whether what happened then is only stored, and rings nowhere."""
        return self.clock() - happened_at > LATE_AFTER

    def roles_of(self, staff_id: str) -> tuple[str, ...]:
        """The posts this person holds; none for a stranger."""
        return next((person.roles for person in self.people.staff if person.id == staff_id), ())

    def people_of(self, role: str) -> tuple[str, ...]:
        """Who holds this post."""
        return tuple(
            person.id
            for person in self.people.staff
            if role in person.roles and not person.has_left
        )
