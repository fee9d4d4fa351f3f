"""What the register of customers says of a visit, in both readings of the first principle (R1)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from broker.console.dispute_view import EntryLine, Mark, Reading
from broker.rules.events import Decided
from broker.rules.facts import Registration
from broker.rules.protection import protected_until
from broker.store.visit_row import VisitRow
from broker.wording.decisions import Teller


def entry_lines(
    entries: Iterable[Registration], visit: VisitRow, decided: Decided | None, teller: Teller
) -> tuple[EntryLine, ...]:
    """The entries that match the visitor, the earliest first, with what became of each."""
    counted = decided.ownership.basis.registration_ids if decided else ()
    return tuple(
        EntryLine(
            consultant=teller.name(entry.consultant_id),
            registered_at=entry.registered_at,
            received_at=entry.received_at,
            protected_until=protected_until(entry, teller.policy),
            channel=entry.channel,
            keys=keys_matched(entry, visit),
            marks=tuple(_marks(entry, visit, teller, is_counted=entry.registration_id in counted)),
        )
        for entry in entries
    )


def readings(
    entries: Iterable[Registration], visit: VisitRow, teller: Teller
) -> tuple[Reading, ...]:
    """Whose the visitor is by the earliest honest entry, and by the phone above the plate.

    One reading, if both lead to the same consultant.
    """
    honest = [entry for entry in entries if not set(_marks(entry, visit, teller))]
    by_phone = [entry for entry in honest if "phone" in keys_matched(entry, visit)]
    earliest = _reading("earliest", honest, visit, teller)
    phone = _reading("phone", by_phone or honest, visit, teller)
    return (phone,) if earliest.consultant == phone.consultant else (earliest, phone)


def keys_matched(entry: Registration, visit: VisitRow) -> tuple[str, ...]:
    """By what ``entry`` matches the visitor."""
    has_phone = visit.phone is not None and entry.phone == visit.phone
    has_plate = visit.plate is not None and visit.plate in entry.plates
    return ("phone",) * has_phone + ("plate",) * has_plate


def _reading(by: str, entries: list[Registration], visit: VisitRow, teller: Teller) -> Reading:
    if not entries:
        return Reading(by, None)
    first = entries[0]
    keys = keys_matched(first, visit)
    who = teller.name(first.consultant_id)
    return Reading(by, who, first.registered_at, keys[0] if keys else None)


def _marks(
    entry: Registration, visit: VisitRow, teller: Teller, *, is_counted: bool = False
) -> Iterator[Mark]:
    came_at = datetime.fromisoformat(visit.opened_at)
    if is_counted:
        yield Mark.COUNTED
    if entry.is_late or entry.registered_at > came_at:
        yield Mark.LATE
    if entry.is_overruled or {visit.phone, visit.plate} & set(entry.overruled_keys):
        yield Mark.OVERRULED
    if entry.is_held:
        yield Mark.HELD
    if protected_until(entry, teller.policy) < came_at:
        yield Mark.OVER
