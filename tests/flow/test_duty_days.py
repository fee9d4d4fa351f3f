"""A short seeded round of ``python -m tests.bench plan_chaos``."""

from pathlib import Path

import pytest

from tests.duty_days import DutyDays
from tests.plan_days import PlanDays


@pytest.mark.parametrize(("kind", "seed"), [(DutyDays, 3), (PlanDays, 2), (PlanDays, 11)])
def test_no_duty_is_lost_or_told_twice_whatever_machine_and_clock_do(
    tmp_path: Path, kind: type[DutyDays], seed: int
) -> None:
    days = kind(tmp_path, seed)
    days.live(15)
    assert list(days.problems()) == []
    assert days.ended()
    days.site.assert_sound()
