"""The times that plans take: the file itself lets none overlap one that keeps the house.

The rules refuse such a plan first. The rows are made of the state, and made anew whenever it may
have lost some of them: they are no truth of their own, only the last door.
"""

from collections.abc import Iterable

from broker.journal.hub_file import when_forgetting
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.exclusive import span
from broker.rules.policy import Policy
from broker.rules.state import Expected, SiteState
from shared.database import Database
from shared.errors import MessageError
from shared.sealed_file import sqlite3

_FREES = (n.AppointmentMissed, n.KeptInVain, n.PlanCancelled, n.PlanMoved, e.DayBegan, e.ClockSet)
"""After these there may be fewer plans, or others."""


class KeptTimes:
    """Keeps the rows of the plans that the state knows."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._margins: tuple[int, int] | None = None
        """The setting up and clearing that the rows were made with; None: make them anew."""
        when_forgetting(db, self._look_again)

    def note(self, event: e.Event, state: SiteState, policy: Policy) -> None:
        """Keep the time of what was planned just now; ``state`` is the one after ``event``.

        Raises:
            MessageError: the time is taken.
        """
        if isinstance(event, _FREES):
            self._look_again()
        if not isinstance(event, e.Planned | n.PlanMoved):
            return
        margins = policy.exclusive_setup_minutes, policy.exclusive_clearing_minutes
        if margins != self._margins:
            self._fill((plan for plan in state.expected if plan != event.expected), policy)
        try:
            self._insert(event.expected, policy)
        except sqlite3.IntegrityError as error:
            raise MessageError("error.time_taken") from error
        self._margins = margins

    def _fill(self, plans: Iterable[Expected], policy: Policy) -> None:
        self._db.conn.execute("delete from kept_times")
        for plan in plans:
            try:
                self._insert(plan, policy)
            except sqlite3.IntegrityError:  # planned with other margins, or by an older release
                continue

    def _insert(self, plan: Expected, policy: Policy) -> None:
        begins, ends = span(plan, policy)
        self._db.conn.execute(
            "insert into kept_times values (?, ?, ?)",
            [begins.timestamp(), ends.timestamp(), plan.is_exclusive],
        )

    def _look_again(self) -> None:
        self._margins = None
