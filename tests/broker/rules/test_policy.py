from typing import Any

import pytest

from broker.rules.policy import ROWS, Policy
from tests.fakes import NINE


@pytest.mark.parametrize(
    "chosen",
    [
        {"open": "00:00", "close": "24:00"},
        {"open": "23:58", "close": "23:59"},
        {"protection_days": 0},
        {"absent_after_s": 1},
        {"repeat_after_s": 1},
        {"repeat_after_s": 20, "second_after_s": 20},
        {"second_after_s": 40, "manager_after_s": 40},
        {"refill_every_minutes": 1},
        {"served_within_minutes": 1},
        {"look_then_claim_days": 0},
        {"rows": (*reversed(ROWS[:-1]), ROWS[-1])},
        {"rows_that_use_a_turn": ()},
    ],
    ids=str,
)
def test_a_site_may_choose_the_outermost_value(chosen: dict[str, Any]) -> None:
    policy = Policy(**chosen)
    assert {name: getattr(policy, name) for name in chosen} == chosen


@pytest.mark.parametrize(
    "chosen",
    [
        {"open": "24:30"},
        {"close": "25:00"},
        {"close": "99:99", "open": "08:30"},
        {"open": "18:30", "close": "18:30"},
        {"second_after_s": 9},
        {"manager_after_s": 19},
        {"protection_days": -1},
        {"absent_after_s": 0},
        {"repeat_after_s": 0},
        {"refill_every_minutes": 0},
        {"served_within_minutes": 0},
        {"look_then_claim_days": -1},
        {"timezone": "/etc/localtime"},
        {"timezone": ""},
        {"timezone": "Asia"},
        {"rows": ROWS[:-1]},
        {"rows": (ROWS[-1], *ROWS[:-1])},
    ],
    ids=str,
)
def test_what_no_house_could_live_by_is_refused(chosen: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"`\w+`: write "):
        Policy(**chosen)


@pytest.mark.parametrize(
    ("policy", "is_open"),
    [
        (Policy(open="09:00"), True),
        (Policy(open="09:01"), False),
        (Policy(open="08:00", close="09:00"), False),
        (Policy(open="08:00", close="09:01"), True),
    ],
)
def test_the_line_is_called_from_the_opening_until_the_closing_minute(
    policy: Policy, is_open: bool
) -> None:
    assert policy.is_open(NINE) is is_open
