"""What the hub told this kiosk: the consultants whom a visitor may name, and who comes."""

import logging

from kiosk.store import Store
from kiosk.visits import Visits
from shared.messages import Assignment, Message, Roster, RosterEntry

log = logging.getLogger(__name__)


class Board:
    """Takes the hub's messages in, on the main loop's thread; pages read it from theirs."""

    def __init__(self, store: Store, visits: Visits) -> None:
        self._store, self._visits = store, visits
        self._roster = store.roster()

    @property
    def consultants(self) -> tuple[RosterEntry, ...]:
        """The consultants, in the hub's order; none before the hub was ever heard."""
        return self._roster.consultants if self._roster else ()

    def hear(self, message: Message) -> None:
        """Take in a message from the hub."""
        match message:
            case Assignment():
                log.info("check-in %s: host %s", message.check_in_id, message.host_name)
                self._visits.assign(message)
            case Roster():
                self._keep(message)
            case _:
                log.warning("nobody here waits for a %s", type(message).__name__)

    def _keep(self, roster: Roster) -> None:
        """Retained, so it comes again with every connection: only news are worth a write."""
        if self.consultants != roster.consultants:
            self._store.keep_roster(roster)
            log.info("roster: %d consultants", len(roster.consultants))
        self._roster = roster
