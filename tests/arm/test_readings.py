import json

import pytest

from tests.arm.readings import apart


def photo(plate: str = "浙A12345", confidence: float = 0.98, x: float = 100.0) -> str:
    found = {"plate": plate, "confidence": confidence, "corners_px": [[x, 50.0], [200.0, 50.0]]}
    return json.dumps({"file": "01.jpg", "plates": [found]}) + "\n"


EMPTY = json.dumps({"file": "02.jpg", "plates": []}) + "\n"


@pytest.mark.parametrize(
    ("theirs", "is_close"),
    [
        (photo(), True),
        (photo(confidence=0.976, x=102.9), True),
        (photo(confidence=0.974), False),
        (photo(confidence=0.986), False),
        (photo(x=96.9), False),
    ],
)
def test_little_differences_of_two_machines_are_let_pass(theirs: str, is_close: bool) -> None:
    found = apart(photo() + EMPTY, theirs + EMPTY)
    assert found is not None
    assert found.is_close is is_close


@pytest.mark.parametrize("theirs", [photo("浙A12346"), EMPTY, photo() + EMPTY, ""])
def test_another_plate_or_photo_is_no_little_difference(theirs: str) -> None:
    assert apart(photo(), theirs) is None


def test_photos_without_a_plate_show_nothing() -> None:
    found = apart(EMPTY, EMPTY)
    assert found is not None
    assert not found.is_close
