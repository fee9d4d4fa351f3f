"""The lattice against counting every alignment, which only small cases allow."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gate.reader.lattice import (
    BLANK,
    KINDS_BY_FORM,
    certainties,
    likelihoods,
    probabilities_of,
    told_steps,
)
from shared.plate import ALPHABET, kinds_of
from tests.gate.spelling import strip


def _counted(text: str, steps: NDArray[np.float64]) -> float:
    """The probability of ``text``: every path over its own characters and the blank, one by one."""
    numbers = [BLANK, *sorted({1 + ALPHABET.index(char) for char in text})]
    total = 0.0
    for path in product(numbers, repeat=len(steps)):
        spoken = [n for i, n in enumerate(path) if n != BLANK and (i == 0 or path[i - 1] != n)]
        if "".join(ALPHABET[n - 1] for n in spoken) == text:
            total += float(np.prod([steps[i, n] for i, n in enumerate(path)]))
    return total


def _random_steps(seed: int, count: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.dirichlet(np.ones(1 + len(ALPHABET)) * 0.3, count), np.float64)


@pytest.mark.parametrize("text", ["", "1", "12", "11", "121", "112"])
@given(seed=st.integers(0, 10_000))
def test_a_text_is_as_likely_as_all_its_alignments_together(text: str, seed: int) -> None:
    steps = _random_steps(seed, 5)
    assert probabilities_of([text, "7"], steps)[0] == pytest.approx(_counted(text, steps))


def test_every_form_fits_the_kinds_it_stands_for() -> None:
    for form, kinds in KINDS_BY_FORM.items():
        text = "".join(slot[-1] for slot in form)
        as_issued = text[0] + "O" + text[2:] if text[1] == "0" else text
        assert {kind.id for kind in kinds} <= {kind.id for kind in kinds_of(as_issued)}


def test_the_forms_together_hold_what_the_strip_clearly_says() -> None:
    found = likelihoods(told_steps(strip("浙AD12345")))
    likeliest = list(KINDS_BY_FORM)[int(found.of_forms.argmax())]
    assert [kind.id for kind in KINDS_BY_FORM[likeliest]] == ["nev_small"]
    assert found.of_forms.max() > 0.8


@given(seed=st.integers(0, 10_000))
def test_one_character_stands_in_each_slot(seed: int) -> None:
    found = likelihoods(_random_steps(seed, 12).clip(1e-5))
    for number, form in enumerate(KINDS_BY_FORM):
        sums = found.of_slots[number].sum(axis=1)
        assert sums[: len(form)] == pytest.approx(np.ones(len(form)), abs=1e-6)
        assert not sums[len(form) :].any()


def test_a_run_of_silent_steps_counts_as_one() -> None:
    steps = told_steps(strip("浙A12345"))
    assert len(steps) == 7 + 8


def test_a_character_that_a_rival_nearly_hides_is_uncertain() -> None:
    steps = told_steps(strip("浙A12345", p3=("7", 0.6)))
    certain = certainties("浙A12345", steps)
    assert certain[3] < 0.65
    assert min(certain[:3] + certain[4:]) > 0.95
