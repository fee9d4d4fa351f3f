"""A phone number has one stored form, whatever way it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import OperatorError
from shared.phone import PHONE, normalize_phone
from tests.spellings import phone_spellings


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "86 13800138000",
        "013800138000",
        "17951 13800138000",
        "+86 (0)138 0013 8000",
        "138 0013 8000",
        "(+86)138.0013.8000",
        "１３８００１３８０００",
        "＋８６－138\u200b0013\u202c8000",
        "\ufeff138\u00a00013\u30008000\n",
        "١٣٨٠٠١٣٨٠٠٠",
    ],
)
def test_a_mobile_may_be_typed_in_any_usual_way(typed: str) -> None:
    assert normalize_phone(typed) == "13800138000"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+1 (650) 555-0000", "+16505550000"),
        ("001 650 555 0000", "+16505550000"),
        ("+852 9123 4567", "+85291234567"),
        ("00852-91234567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 0912 345 678", "+886912345678"),
        ("+44 (0)20 7946 0000", "+442079460000"),
    ],
)
def test_another_country_s_number_keeps_its_country(typed: str, stored: str) -> None:
    assert normalize_phone(typed) == stored


def test_the_same_digits_without_a_country_are_a_mainland_mobile() -> None:
    assert normalize_phone("16505550000") == "16505550000" != normalize_phone("+1 650 555 0000")


@pytest.mark.parametrize(
    "typed", ["0571-8888 8888", "(0571)88888888", "+86 571 88888888", "0086-0571-88888888"]
)
def test_a_fixed_line_is_told_by_its_area_code(typed: str) -> None:
    assert normalize_phone(typed) == "+8657188888888"


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "1380013800", "138001380001", "23800138000", "八六", "88888888", "12345"),
        *("138****8000", "+852****4567", "+", "+0123", "13800138000 / 13900001111", "138OO138000"),
        *("+8613800138000138", "13800138000+1", "+999 123456789", "1-800-FLOWERS"),
    ],
)
def test_what_cannot_be_called_is_refused_in_the_reader_s_language(typed: str) -> None:
    with pytest.raises(OperatorError, match="11 digits") as caught:
        normalize_phone(typed)
    assert "11 位手机号" in caught.value.sentence.in_language("zh-CN")


@given(st.data())
def test_every_spelling_of_a_number_is_one_number(data: st.DataObject) -> None:
    number = data.draw(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
    assert normalize_phone(data.draw(phone_spellings(number))) == number


@given(st.text("0123456789+-() １２", max_size=20))
def test_a_stored_number_stays_as_it_is_and_is_found_in_a_text(typed: str) -> None:
    try:
        stored = normalize_phone(typed)
    except OperatorError:
        return
    assert normalize_phone(stored) == stored
    assert PHONE.findall(f"x {stored}。") == [stored]
