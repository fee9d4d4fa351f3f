"""What the plate's keyboard allows is what the table of plates allows."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.plate_keys import FIRST_MARKS, LAST_MARKS, LETTER_ROWS, forms, province_rows
from shared.plate import ALPHABET, DIGITS, KINDS, LETTERS, PROVINCES, is_plausible

FORMS: list[dict[str, Any]] = json.loads(forms())
KEYS = (*"".join(province_rows(None)), *"".join(LETTER_ROWS), *FIRST_MARKS, *LAST_MARKS)
EVERY_PLATE = st.one_of([st.from_regex(kind.pattern, fullmatch=True) for kind in KINDS])


def is_whole(text: str) -> bool:
    return any(
        len(form["places"]) == len(text)
        and all(sign in place for sign, place in zip(text, form["places"], strict=True))
        for form in FORMS
    )


@given(EVERY_PLATE)
def test_every_plate_that_can_exist_can_be_typed(plate: str) -> None:
    assert is_whole(plate)
    rest = plate
    while rest:
        fitting = [key for key in KEYS if rest.startswith(key)]
        assert fitting, f"no key for {rest[0]}"
        rest = rest.removeprefix(max(fitting, key=len))


@given(st.text(alphabet=ALPHABET + "O", min_size=5, max_size=9) | EVERY_PLATE.map(lambda p: p[:-1]))
def test_what_is_no_plate_is_never_whole(text: str) -> None:
    assert is_whole(text) == is_plausible(text)


def test_every_character_of_plates_has_its_key_and_i_has_none() -> None:
    assert set("".join(province_rows(None))) == set(PROVINCES)
    assert set("".join(LETTER_ROWS)) == set(DIGITS + LETTERS + "O")


@pytest.mark.parametrize(
    "plate", ["浙A12345", "浙AD12345", "浙A1234警", "WJ浙1234X", "琼X1234应急"]
)
def test_a_plate_takes_at_most_ten_taps_with_its_confirmation(plate: str) -> None:
    """A tap for each character; WJ and 应急 are one key each, and WJ needs a change of keys."""
    taps = len(plate) - plate.count("WJ") - plate.count("应急") + plate.startswith("WJ") + 1
    assert taps <= 10
    assert is_whole(plate)


def test_the_site_s_own_province_is_the_first_key_and_none_is_lost() -> None:
    rows = province_rows("浙")
    assert rows[0][0] == "浙"
    assert sorted("".join(rows)) == sorted(PROVINCES)
