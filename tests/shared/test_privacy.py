import pytest

from shared.errors import OperatorError
from shared.privacy import mask_phone, mask_plate, normalize_phone


def test_a_phone_shows_its_first_three_and_last_four_digits() -> None:
    assert mask_phone("13800138000") == "138****8000"


@pytest.mark.parametrize(
    ("plate", "shown"), [("浙A88888", "浙A·8**88"), ("浙AD12345", "浙A·D***45"), ("无牌", "无*")]
)
def test_a_plate_hides_its_middle(plate: str, shown: str) -> None:
    assert mask_plate(plate) == shown


@pytest.mark.parametrize(
    "typed", ["13800138000", "+86 138-0013-8000", "0086 13800138000", "138 0013 8000"]
)
def test_a_phone_may_be_typed_in_any_usual_way(typed: str) -> None:
    assert normalize_phone(typed) == "13800138000"


@pytest.mark.parametrize("typed", ["", "1380013800", "138001380001", "23800138000", "八六"])
def test_what_is_no_mobile_number_is_refused_in_the_reader_s_language(typed: str) -> None:
    with pytest.raises(OperatorError, match="11 digits") as caught:
        normalize_phone(typed)
    assert "11 位数字" in caught.value.sentence.in_language("zh-CN")
