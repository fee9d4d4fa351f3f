"""What each vendor's cameras post, and what the hub is told of it."""

import pytest

from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from tests.gate.intake.scene import Intake
from tests.gate.intake.stream_cases import STREAM_CASES
from tests.gate.intake.vendor_cases import CASES

ALL_CASES = CASES | {"hikvision-stream": STREAM_CASES}

ROWS = [
    pytest.param(source, *case, id=f"{source}: {name}")
    for source, cases in ALL_CASES.items()
    for name, case in cases.items()
]


@pytest.mark.parametrize(("source", "sent", "became", "told"), ROWS)
def test_each_body_of_a_camera_becomes_what_the_hub_must_know(
    source: str, sent: list[Body], became: list[str], told: list[str]
) -> None:
    intake = Intake(source)
    assert intake.take(*sent) == became
    assert intake.plates() == told


def test_each_vendor_has_its_cases() -> None:
    assert set(ALL_CASES) == set(ADAPTERS)
    assert all(len(cases) >= 6 for cases in ALL_CASES.values())
