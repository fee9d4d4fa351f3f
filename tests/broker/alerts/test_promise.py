"""How long a visitor waits, by today's receptions, and when nothing is said of it."""

from datetime import timedelta

import pytest

from broker.alerts.promise import promised, wait_min
from broker.rules.state import Visit
from shared.messages import Coming
from tests.fakes import NINE

HALF_AN_HOUR = timedelta(minutes=30)
TODAY = (HALF_AN_HOUR,) * 3


def served(number: int, since_min: float) -> Visit:
    began = NINE - timedelta(minutes=since_min)
    who = f"host-{number}"
    return Visit(
        visit_id=f"s-{number}",
        arrived_at=began,
        entry=0,
        host_id=who,
        claimed_by=who,
        acked_at=began,
    )


def waits(number: int) -> Visit:
    return Visit(
        visit_id=f"w-{number}", arrived_at=NINE, entry=0, is_waiting=True, checked_in_as=number
    )


@pytest.mark.parametrize(
    ("number", "minutes"),
    [(1, 10), (2, 20), (3, 40)],  # hosts free in 10 and 20 min; the third waits for one again
)
def test_who_waits_longer_is_told_a_longer_time(number: int, minutes: int) -> None:
    house = (served(1, 20), served(2, 10), waits(1), waits(2), waits(3))
    assert wait_min(waits(number), house, TODAY, NINE) == minutes


def test_a_reception_that_lasts_longer_than_usual_may_end_any_minute() -> None:
    assert wait_min(waits(1), (served(1, 90), waits(1)), TODAY, NINE) == 5


def test_no_time_is_made_up() -> None:
    assert wait_min(waits(1), (served(1, 20), waits(1)), TODAY[:2], NINE) is None
    assert wait_min(waits(1), (waits(1),), TODAY, NINE) is None


def test_a_visit_that_is_over_frees_the_tablet() -> None:
    assert promised(None, lambda _: True).coming is Coming.MET
