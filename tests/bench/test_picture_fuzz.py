"""Broken pictures, a few hundred of those that ``python -m tests.bench picture_fuzz`` reads."""

import numpy as np
import pytest

from tests.bench.mutations import broken_file, odd_picture
from tests.bench.picture_fuzz import fuzz


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_broken_picture_crashes_the_reader() -> None:
    found = dict(fuzz(seed=7, first=0, count=200, slowest_s=120))
    assert {what for what in found.values() if what not in ("read", "refused")} == set()
    assert len(found) == 200
    assert set(found.values()) == {"read", "refused"}


@pytest.mark.slow
def test_a_crash_inside_a_library_is_counted_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.picture_fuzz.CHILD", "tests.bench.dying_child")
    assert list(fuzz(seed=1, first=3, count=3, slowest_s=60)) == [
        (3, "read"),
        (4, "died of signal 11"),
        (5, "read"),
    ]


def test_the_same_numbers_break_a_picture_the_same_way() -> None:
    assert broken_file(1, 2) == broken_file(1, 2) != broken_file(1, 3)
    assert np.array_equal(odd_picture(1, 2), odd_picture(1, 2))
