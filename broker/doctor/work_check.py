"""Checks of how well the site works: reading, alerting, keeping, and what leaves the house."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from broker.doctor.finding import Finding, hint, unknown, wrong
from broker.doctor.patient import Patient
from broker.health.site_figures import CameraFigures, NodeName
from shared.messages import NodeKind

ACCEPTED_LEAST, ACCEPTED_BAD = 0.8, 0.5
"""The share of cars whose plates are read for certain: below, somebody should look."""
ENOUGH_CARS = 5
"""Of fewer, a share says nothing."""
SLOW_MS, TOO_SLOW_MS = 2_000, 5_000
"""From the frame to the alert, for 95 of 100 cars."""
MANY_CARS = 20
"""Of fewer, the slowest alone makes these 95."""
WORN, WORN_OUT = 0.8, 1.0
WRITES_MUCH_MB = 5_000
"""A day: a card of 32 GB is written over once a week then."""
HEAD_OVERDUE = timedelta(days=2)


def cameras(patient: Patient) -> Iterator[Finding]:
    """The cameras read the plates of the cars that come."""
    figures = patient.figures
    assert figures
    for camera in figures.cameras:
        if camera.accepted is None:
            tell = hint if figures.is_open else unknown
            yield tell("camera_no_car", name=NodeName(NodeKind.GATE, camera.gate_id))
        elif camera.read + (camera.unread or 0) >= ENOUGH_CARS:
            yield from _reading(camera, camera.accepted)
    if not figures.cameras:
        yield unknown("no_camera")


def _reading(camera: CameraFigures, accepted: float) -> Iterator[Finding]:
    if accepted >= ACCEPTED_LEAST:
        return
    tell = wrong if accepted < ACCEPTED_BAD else hint
    cars = camera.read + (camera.unread or 0)
    sure = camera.read - camera.uncertain
    yield tell(
        "camera_uncertain", name=NodeName(NodeKind.GATE, camera.gate_id), sure=sure, cars=cars
    )


def delay(patient: Patient) -> Iterator[Finding]:
    """Whoever is called hears it at once."""
    figures = patient.figures
    assert figures
    if figures.delay is None:
        yield unknown("no_delay")
    elif figures.delay.p95_ms > SLOW_MS:
        is_bad = figures.delay.p95_ms > TOO_SLOW_MS and figures.delay.count >= MANY_CARS
        tell = wrong if is_bad else hint
        yield tell("delay_long", seconds=f"{figures.delay.p95_ms / 1000:.1f}")


def round_trip(patient: Patient) -> Iterator[Finding]:
    """The MQTT server confirms what the hub sends, and soon."""
    figures = patient.figures
    assert figures
    if figures.round_trip_ms is None:
        yield wrong("hub_not_connected")
    elif figures.round_trip_ms > SLOW_MS:
        yield hint("round_trip_long", ms=figures.round_trip_ms)


def wear(patient: Patient) -> Iterator[Finding]:
    """The cards and disks are not worn, and not written to more than they stand."""
    figures = patient.figures
    assert figures
    for name, disk in figures.disks:
        if disk.wear is None:
            yield unknown("wear_unknown", name=name)
        elif disk.wear >= WORN:
            tell = wrong if disk.wear >= WORN_OUT else hint
            yield tell("worn", name=name, percent=round(disk.wear * 100))
        if (disk.written_mb_a_day or 0) > WRITES_MUCH_MB:
            yield hint("writes_much", name=name, mb=disk.written_mb_a_day)


def night_check(patient: Patient) -> Iterator[Finding]:
    """The last check of the whole file found it sound."""
    figures = patient.figures
    assert figures
    if figures.is_sound is None:
        yield unknown("never_checked")
    elif not figures.is_sound:
        yield wrong("check_failed")


def heads(patient: Patient) -> Iterator[Finding]:
    """The journal's end leaves the house every day."""
    figures = patient.figures
    assert figures
    head = figures.head
    if head is None:
        yield unknown("no_head")
        return
    for way, problem in head.failed.items():
        yield wrong("head_failed", way=way, problem=problem)
    if not head.ways:
        yield hint("head_nowhere")
    elif figures.at.date() - date.fromisoformat(head.on) >= HEAD_OVERDUE:
        yield wrong("head_overdue", on=head.on)


def hidden(patient: Patient) -> Iterator[Finding]:
    """Everything can be looked at."""
    if patient.hidden:
        yield unknown("hidden", names=", ".join(map(Path.as_posix, patient.hidden)))
