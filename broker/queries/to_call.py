"""An owner's list of customers to call (回访)."""

from collections.abc import Iterator

from broker.console.follow_up_view import FollowUpLine
from broker.queries.owner_lists import Owner
from broker.rules.follow_ups import FollowUp
from broker.store.known_elsewhere import ToldElsewhere, known_beside, told_of
from broker.store.open_follow_ups import follow_ups_of
from broker.wording.names import called
from shared.database import Database


def to_call_of(db: Database, owner: Owner) -> Iterator[FollowUpLine]:
    """Whom this owner has to call, the most urgent first."""
    elsewhere = known_beside(db)
    for one in follow_ups_of(db, owner.staff_id, owner.policy, owner.at):
        known = told_of(elsewhere, _entries(one), owner.policy, owner.at)
        yield _line(one, owner.name, owner.language, known)


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
