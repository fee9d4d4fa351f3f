"""The owners' lists of customers to call (回访), made anew only when something changed."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from broker.console.follow_up_view import FollowUpLine
from broker.rules.follow_ups import FollowUp
from broker.rules.policy import Policy
from broker.rules.portfolio import received_since
from broker.store.contacts import contacts_stamp
from broker.store.known_elsewhere import ToldElsewhere, known_beside, told_of
from broker.store.open_follow_ups import follow_ups_of
from broker.store.portfolios import portfolio_stamp
from broker.wording.names import called
from shared.database import Database

FRESH_FOR = timedelta(minutes=2)
"""A ruling changes no moment by which a change is seen; so a list is never older than this."""
Stamp = tuple[tuple[object, ...], tuple[object, ...], date]
Lines = tuple[FollowUpLine, ...]


class FollowUpLists:
    """The lists, each remembered: forty phones ask every ten seconds. Any thread may ask."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Stamp, datetime, Lines]] = {}

    def lines(
        self, db: Database, owners: Mapping[str, str], policy: Policy, at: datetime, language: str
    ) -> Iterator[FollowUpLine]:
        """Whom these owners (name by id) have to call; each owner's most urgent first."""
        since, today = received_since(policy, at), policy.local(at).date()
        for staff_id, name in owners.items():
            stamp = (
                portfolio_stamp(db, staff_id, since),
                contacts_stamp(db, staff_id, since),
                today,
            )
            known = self._known.get((staff_id, language))
            if known is None or known[0] != stamp or not known[1] <= at < known[1] + FRESH_FOR:
                found = follow_ups_of(db, staff_id, policy, at)
                elsewhere = known_beside(db)
                lines = (
                    _line(one, name, language, told_of(elsewhere, _entries(one), policy, at))
                    for one in found
                )
                known = stamp, at, tuple(lines)
                self._known[staff_id, language] = known
            yield from known[2]


def _entries(one: FollowUp) -> Iterator[str]:
    return (entry.registration_id for entry in one.customer.registrations)


def _line(
    one: FollowUp, name: str, language: str, known: tuple[ToldElsewhere, ...]
) -> FollowUpLine:
    entries, latest = one.customer.registrations, one.customer.latest
    return FollowUpLine(
        registration_id=latest.registration_id,
        owner_name=name,
        visitor=called(latest.surname, latest.salutation, language),
        phone=next((entry.phone for entry in entries if entry.phone), None),
        plates=tuple(dict.fromkeys(plate for entry in entries for plate in entry.plates)),
        stage=one.stage,
        due_on=one.due_on,
        days_over=one.days_over,
        outcome=one.last.outcome if one.last else None,
        reason=one.last.reason if one.last else None,
        known=known,
    )
