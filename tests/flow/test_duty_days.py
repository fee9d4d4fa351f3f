"""A short seeded round of ``python -m tests.bench plan_chaos``."""

from pathlib import Path

import pytest

from broker.rules.duty_table import DutyPlan
from broker.rules.policy import Policy
from shared.messages import Alert
from tests.clocked_hub import ClockedHub
from tests.duty_days import DutyDays
from tests.fakes import FakeLink
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


def test_a_hub_that_waits_for_messages_wakes_when_a_duty_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its turn of a quarter of a second would come too late on the phones."""
    table = (DutyPlan(key="carts", post="parking", text="车况检查", times="09:01"),)
    site = ClockedHub(tmp_path, policy=Policy(duties=table))
    waits: list[float] = []
    monkeypatch.setattr(FakeLink, "receive", lambda _link, wait_s: waits.append(wait_s))
    for seconds in (58.0, 1.9, 0.1):
        site.right.pass_s(seconds)
        site.machine.pass_s(seconds)
        site.loop.step(0.25)
    assert waits == pytest.approx([0.25, 0.1, 0.25])
    assert [one.role for one in site.link.sent if isinstance(one, Alert)] == ["parking"]
    site.stop()
