import pytest

from tests.bench.handheld_chaos.__main__ import run_round


@pytest.mark.parametrize("seed", range(1, 6))
def test_whatever_dies_one_goes_and_nobody_is_forgotten(seed: int) -> None:
    wrong, seen = run_round(seed)
    assert wrong == []
    assert seen["visitors"] > 0
    assert seen["claim"] > 0
