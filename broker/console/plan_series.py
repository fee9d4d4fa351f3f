"""A plan that comes again (重复的接待): every so many weeks, at the same time of the day. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from broker.local.plan_questions import ListedPlan, PlansImported
from shared.messages import Booking, BookingKind

EVERY_WEEKS = (1, 2, 4)
MOST_TIMES = 26


def series(
    first: Booking, every_weeks: int, times: int, new_id: Callable[[datetime], str]
) -> PlansImported:
    """``first`` and what follows it: all of them are planned, or none.

    Raises:
        ValueError: nobody plans so often, or for so long.
    """
    if every_weeks not in EVERY_WEEKS or not 2 <= times <= MOST_TIMES:
        raise ValueError("no such series")
    is_vip = first.kind is not BookingKind.APPOINTMENT
    if not is_vip and (first.ends_at is None or len(first.plates) > 1):
        raise ValueError("an appointment has an end, and one car")
    return PlansImported(
        import_id=new_id(first.booked_at),
        asked_at=first.booked_at,
        by=first.staff_id,
        plans=tuple(
            ListedPlan(
                row=number + 1,
                booking_id=first.booking_id if number == 0 else new_id(first.booked_at),
                starts_at=first.starts_at + number * timedelta(weeks=every_weeks),
                ends_at=first.ends_at and first.ends_at + number * timedelta(weeks=every_weeks),
                name=first.name,
                phone=first.phone,
                plates=first.plates,
                level=first.vip_level or "vip" if is_vip else None,
                host_id=first.host_id or (None if is_vip else first.staff_id),
                is_exclusive=first.is_exclusive,
                party_size=first.party_size,
                rooms=first.rooms,
                note=first.note,
            )
            for number in range(times)
        ),
    )
