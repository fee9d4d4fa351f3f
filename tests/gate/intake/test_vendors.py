"""What each vendor's cameras post, and what the hub is told of it."""

import pytest

from gate.intake.lateness import LATE_S
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from shared.messages import Arrival, Say
from tests.gate.intake.kept_cases import KEPT, NOW, THEN
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


@pytest.mark.parametrize("source", sorted(ADAPTERS))
def test_what_a_camera_had_kept_is_told_as_late_and_said_to_nobody(source: str) -> None:
    intake = Intake(source)
    assert intake.take(*KEPT[source]) == ["told", "told"]
    arrivals = [each for each in intake.told() if isinstance(each, Arrival)]
    waited_s = {each.plate: (each.sent_at - each.seen_at).total_seconds() for each in arrivals}
    assert {plate: waited > LATE_S for plate, waited in waited_s.items()} == {
        NOW: False,
        THEN: True,
    }
    said = [each.text for each in intake.link.sent if isinstance(each, Say)]
    assert [THEN in text for text in said] == [False]


NO_PLATE = {"no plate", "no plate yet"}
AGAIN = {"sent again", "a quick and a whole result", "the stream broke off and began again"}
BROKEN = {"broken", "cut off"}
ODD = {
    "zhenshi": "in base64 and GBK",
    "zhenshi-mqtt": "an older release: the plate as it is",
    "hikvision": "prefixed names",
    "hikvision-stream": "prefixed",
    "dahua": "counts to 255",
    "frigate": "a list of text and score",
    "platerecognizer": "the newer form",
    "openalpr": "the older form",
    "axis": "of a hundred",
}


def test_each_vendor_has_its_six_kinds_of_bodies() -> None:
    """Normal, no plate, sent again, kept, odd firmware, broken."""
    assert set(ALL_CASES) == set(ADAPTERS) == set(KEPT)
    for source, cases in ALL_CASES.items():
        names = set(cases)
        assert {"a car", "a quick and a whole result"} & names, source
        assert all(kind & names for kind in (NO_PLATE, AGAIN, BROKEN)), source
        assert ODD[source] in names, source
