import pytest

from shared.privacy import mask_phone, mask_plate, masked_text


def test_a_phone_shows_its_first_three_and_last_four_digits() -> None:
    assert mask_phone("13800138000") == "138****8000"


@pytest.mark.parametrize(
    ("plate", "shown"), [("浙A88888", "浙A·8**88"), ("浙AD12345", "浙A·D***45"), ("无牌", "无*")]
)
def test_a_plate_hides_its_middle(plate: str, shown: str) -> None:
    assert mask_plate(plate) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+85291234567", "+852****4567"),
        ("+85366123456", "+853****3456"),
        ("+886912345678", "+886****5678"),
        ("+16505550000", "+1****0000"),
        ("+8657188888888", "+86****8888"),
        ("+29021234", "****"),
        ("1234567", "****"),
    ],
)
def test_another_number_shows_its_country_and_its_last_four_digits(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_every_kind_of_number_is_masked_inside_a_sentence() -> None:
    said = masked_text("13800138000 / +85291234567 / +8613900001111, 2026-11-30 09:00:00+08:00")
    assert said == "138****8000 / +852****4567 / +86****1111, 2026-11-30 09:00:00+08:00"
