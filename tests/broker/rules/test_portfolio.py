"""A consultant's protected customers, and how they are shared among colleagues."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.rules.portfolio import customers, dealt, received_since
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
