"""A consultant's protected customers, and how they are shared among colleagues."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.rules.portfolio import customers, dealt, expiring, received_since, soon_over_since
from tests.office import MORNING

POLICY = Policy()


@dataclass(frozen=True)
class Entry:
    days_ago: float
    phone: str | None = None
    plates: tuple[str, ...] = ()


def entered(number: int, entry: Entry) -> Registration:
    at = MORNING - timedelta(days=entry.days_ago)
    return Registration(
        registration_id=f"r-{number}",
        consultant_id="wang",
        registered_at=at,
        received_at=at,
        phone=entry.phone,
        plates=entry.plates,
    )


def test_two_entries_of_one_customer_are_one_customer_also_by_way_of_a_third() -> None:
    registrations = [
        entered(number, entry)
        for number, entry in enumerate(
            (
                Entry(9, phone="13800000001"),
                Entry(8, plates=("浙A00002",)),
                Entry(7, phone="13800000003"),
                Entry(6, phone="13800000001", plates=("浙A00002",)),
            )
        )
    ]
    first, second = customers(registrations, POLICY, MORNING)
    assert [len(first.registrations), len(second.registrations)] == [1, 3]
    assert second.latest.registration_id == "r-3"
    assert second.protected_until > first.protected_until, "the latest reception counts"


@pytest.mark.parametrize("mark", ["is_late", "is_overruled", "is_held"])
def test_what_protects_nobody_is_nobody_s_customer(mark: str) -> None:
    known = replace(entered(1, Entry(1, phone="13800000001")), **{mark: True})
    assert customers([known], POLICY, MORNING) == ()


def test_a_protection_counts_through_its_last_day_and_no_longer() -> None:
    known = entered(1, Entry(15, phone="13800000001"))
    (found,) = customers([known], POLICY, MORNING)
    last_moment = found.protected_until
    assert POLICY.local(last_moment).isoformat() == "2026-11-24T00:00:00+08:00"
    assert customers([known], POLICY, last_moment)
    assert not customers([known], POLICY, last_moment + timedelta(seconds=1))
    assert received_since(POLICY, last_moment) <= known.received_at


def test_customers_are_shared_evenly_in_number_and_in_days_left() -> None:
    registrations = [
        entered(number, Entry(number, phone=f"1380000{number:04d}")) for number in range(1, 11)
    ]
    shares = dealt(customers(registrations, POLICY, MORNING), ("li", "zhao", "chen"))
    counts = [sum(who == receiver for _, who in shares) for receiver in ("li", "zhao", "chen")]
    assert counts == [4, 3, 3]
    assert [who for _, who in shares[:3]] == ["li", "zhao", "chen"]


@pytest.mark.parametrize(
    ("days_ago", "is_listed"), [(11, False), (12, True), (13, True), (15, True), (16, False)]
)
def test_who_is_protected_for_three_more_days_or_fewer_is_listed(
    days_ago: float, is_listed: bool
) -> None:
    known = entered(1, Entry(days_ago, phone="13800000001"))
    since, until = soon_over_since(POLICY, MORNING)
    found = expiring(customers([known], POLICY, MORNING), POLICY, MORNING)
    assert bool(found) is is_listed
    assert not is_listed or since <= known.received_at < until


def test_the_list_is_exact_to_the_day_at_the_site() -> None:
    """Received on the 8th at 23:59, protected through the 23rd: listed from the 20th, 00:00."""
    late_evening = MORNING.replace(day=8, hour=23, minute=59)
    known = replace(
        entered(1, Entry(0, phone="13800000001")),
        registered_at=late_evening,
        received_at=late_evening,
    )
    midnight = MORNING.replace(day=20, hour=0)

    def listed(at: datetime) -> bool:
        return bool(expiring(customers([known], POLICY, at), POLICY, at))

    assert not listed(midnight - timedelta(seconds=1))
    assert listed(midnight)
    assert listed(MORNING.replace(day=23, hour=23, minute=59))
    assert not listed(MORNING.replace(day=24, hour=0))
