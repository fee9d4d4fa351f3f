"""Which characters are taken for which."""

from datetime import date

import pytest

from gate.corrections.confusions import (
    MISSING,
    Corrected,
    by_day,
    confusions,
    is_another_plate,
    together,
)

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("read", "plate", "expected"),
    [
        ("浙A88888", "浙A88888", []),
        ("浙AB8888", "浙A88888", [("8", "B")]),
        ("渝AB8888", "沪A88888", [("沪", "渝"), ("8", "B")]),
        ("浙A8888", "浙AD8888", [("D", MISSING)]),
        ("浙AD88888", "浙AD8888", [(MISSING, "8")]),
        ("", "浙A", [("浙", MISSING), ("A", MISSING)]),
        ("浙AF1E23", "浙AE1F23", [("E", "F"), ("F", "E")]),
    ],
)
def test_each_true_character_is_named_with_what_it_was_taken_for(
    read: str, plate: str, expected: list[tuple[str, str]]
) -> None:
    assert list(confusions(read, plate)) == expected


def test_a_plate_with_little_in_common_is_another_car_s_and_teaches_nothing() -> None:
    assert is_another_plate("浙A12345", "苏E67890")
    assert not is_another_plate("浙A12345", "苏E12346")


def test_days_are_counted_apart_and_together() -> None:
    days = by_day(
        [
            Corrected("浙AB0008", "浙A80008", TUESDAY),
            Corrected("浙AB0008", "浙A80008", MONDAY),
            Corrected("浙A80008", "浙A80008", MONDAY),
            Corrected("浙A80008", "苏E11117", MONDAY),
        ]
    )
    assert list(days) == [MONDAY, TUESDAY]
    monday = days[MONDAY]
    assert (monday.corrected, monday.confirmed, monday.others) == (1, 1, 1)
    total = together(days.values())
    assert (total.corrected, total.confirmed, total.others) == (2, 1, 1)
    assert total.confused == {("8", "B"): 2}
