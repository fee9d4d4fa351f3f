"""How well the site works: what is red, what is amber, and what nobody can know."""

from typing import Any

import pytest

from broker.doctor.work_check import (
    cameras,
    delay,
    heads,
    night_check,
    round_trip,
    wear,
)
from broker.health.site_figures import CameraFigures, Delay, Figures, HeadFigures
from shared.messages import DiskFigures, NodeKind
from tests.broker.doctor.measured import Look, figures, found, node
from tests.fakes import NINE

TODAY = NINE.date().isoformat()


def camera(read: int, uncertain: int = 0, unread: int | None = 0) -> CameraFigures:
    return CameraFigures(
        gate_id="north", read=read, uncertain=uncertain, unread=unread, votes=None, slots=()
    )


def head(**told: Any) -> HeadFigures:
    usual = {"on": TODAY, "left": (), "failed": {}, "ways": ("mail",)}
    return HeadFigures(**(usual | told))


def disk(wear_: float | None = None, written: int | None = None) -> DiskFigures:
    return DiskFigures(free_mb=9_000, total_mb=10_000, wear=wear_, written_mb_a_day=written)


CASES: list[tuple[Look, Figures, list[str]]] = [
    (cameras, figures(cameras=(camera(10),)), []),
    (cameras, figures(cameras=(camera(10, 3),)), ["hint camera_uncertain"]),
    (cameras, figures(cameras=(camera(4, 0, 6),)), ["wrong camera_uncertain"]),
    (cameras, figures(cameras=(camera(10, 0, None),)), []),
    (cameras, figures(cameras=(camera(4, 4),)), []),  # too few to say
    (cameras, figures(cameras=(camera(0),)), ["hint camera_no_car"]),
    (cameras, figures(cameras=(camera(0),), is_open=False), ["unknown camera_no_car"]),
    (cameras, figures(), ["unknown no_camera"]),
    (delay, figures(), ["unknown no_delay"]),
    (delay, figures(delay=Delay(count=9, p50_ms=50, p95_ms=2_000)), []),
    (delay, figures(delay=Delay(count=9, p50_ms=50, p95_ms=2_001)), ["hint delay_long"]),
    (delay, figures(delay=Delay(count=19, p50_ms=50, p95_ms=9_000)), ["hint delay_long"]),
    (delay, figures(delay=Delay(count=20, p50_ms=50, p95_ms=9_000)), ["wrong delay_long"]),
    (round_trip, figures(), ["wrong hub_not_connected"]),
    (round_trip, figures(round_trip_ms=3), []),
    (round_trip, figures(round_trip_ms=2_001), ["hint round_trip_long"]),
    (wear, figures(disk=disk()), ["unknown wear_unknown"]),
    (wear, figures(disk=disk(0.7, 100)), []),
    (wear, figures(disk=disk(0.8)), ["hint worn"]),
    (wear, figures(disk=disk(1.0)), ["wrong worn"]),
    (wear, figures(disk=disk(0.1, 6_000)), ["hint writes_much"]),
    (night_check, figures(), ["unknown never_checked"]),
    (night_check, figures(is_sound=True), []),
    (night_check, figures(is_sound=False), ["wrong check_failed"]),
    (heads, figures(), ["unknown no_head"]),
    (heads, figures(head=head()), []),
    (heads, figures(head=head(ways=())), ["hint head_nowhere"]),
    (heads, figures(head=head(failed={"mail": "554"})), ["wrong head_failed"]),
    (heads, figures(head=head(on="2026-11-20")), ["wrong head_overdue"]),
]


@pytest.mark.parametrize(("look", "measured", "expected"), CASES)
def test_each_figure_stands_as_it_should(
    look: Look, measured: Figures, expected: list[str]
) -> None:
    assert found(look, measured) == expected


def test_programs_on_one_machine_tell_of_one_card_and_another_s_is_looked_at_too() -> None:
    hub = DiskFigures(free_mb=9_000, total_mb=10_000, wear=0.9)
    same = DiskFigures(free_mb=8_990, total_mb=10_000, wear=0.9)
    other = DiskFigures(free_mb=2_000, total_mb=10_000, wear=0.9)
    gates = [node(NodeKind.GATE, "north", disk=disk) for disk in (same, other)]
    sites = [figures(disk=hub, nodes=(gate,)) for gate in gates]
    assert [found(wear, site) for site in sites] == [["hint worn"], ["hint worn"] * 2]
