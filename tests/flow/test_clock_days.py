"""On random days the decisions are the same, whatever becomes of the machine's clock."""

from pathlib import Path

import pytest

from tests.clock_days import ClockDay

MOVES = 24


@pytest.mark.parametrize("seed", range(4))
def test_a_clock_that_jumps_changes_no_decision(seed: int, tmp_path: Path) -> None:
    ClockDay(seed, tmp_path).live(MOVES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 44))
def test_nor_on_more_of_them(seed: int, tmp_path: Path) -> None:
    ClockDay(seed, tmp_path).live(MOVES)
