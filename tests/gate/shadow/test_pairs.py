"""Which two passes are one car, and what both readers say of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from gate.shadow.pairs import Pass, Verdict, Who, days, pairs, total

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def passes(camera: dict[float, str], reader: dict[float, str]) -> list[Pass]:
    """What both told, by the second."""
    return [
        Pass(f"{who}-{second}", who, plate, NINE + timedelta(seconds=second))
        for who, told in ((Who.CAMERA, camera), (Who.READER, reader))
        for second, plate in told.items()
    ]


@pytest.mark.parametrize(
    ("camera", "reader", "verdicts"),
    [
        ({0: "浙A12345"}, {2: "浙A12345"}, ["same"]),
        ({0: "浙A12345"}, {2: "浙A12346"}, ["differ"]),
        ({0: "浙A12345"}, {2: "苏A12345"}, ["differ"]),
        ({0: "浙A12345"}, {2: "粤B88T99"}, ["only_camera", "only_reader"]),
        ({0: "浙A12345"}, {40: "浙A12345"}, ["same"]),
        ({0: "浙A12345"}, {40: "浙A12346"}, ["only_camera", "only_reader"]),
        ({0: "浙A12345"}, {}, ["only_camera"]),
        ({}, {0: "浙A12345"}, ["only_reader"]),
        # Two cars behind each other, of which each reader misses another one.
        ({0: "浙A12345"}, {4: "浙B77Q77"}, ["only_camera", "only_reader"]),
        # What is the same finds itself before what is only alike.
        ({0: "浙A12345", 3: "浙A12346"}, {2: "浙A12346", 4: "浙A12345"}, ["same", "same"]),
        ({0: "浙A12345", 3: "浙A12346"}, {4: "浙A12346"}, ["only_camera", "same"]),
    ],
)
def test_two_passes_are_one_car_by_their_moment_and_their_plates(
    camera: dict[float, str], reader: dict[float, str], verdicts: Sequence[str]
) -> None:
    assert [pair.verdict for pair in pairs(passes(camera, reader))] == list(verdicts)


def test_each_day_is_counted_and_the_month_is_all_of_them() -> None:
    told = passes(
        {0: "浙A12345", 100: "浙A22222", 86_400: "浙A33333"},
        {1: "浙A12345", 101: "浙A22223", 200: "浙C99999"},
    )
    counted = days(pairs(told), lambda moment: moment.date())
    first, second = counted.values()
    assert [first.of(verdict) for verdict in Verdict] == [1, 1, 0, 1]
    assert (first.cars, second.cars, second.agreement) == (3, 1, 0.0)
    assert first.agreement == pytest.approx(1 / 3)
    assert total(counted.values()).cars == 4
    assert total([]).agreement == 1.0


def test_a_month_of_a_busy_gate_is_compared_at_once() -> None:
    camera = {40.0 * number: f"浙A{number % 100_000:05}" for number in range(5_000)}
    reader = {second + 2: plate for second, plate in camera.items()}
    found = pairs(passes(camera, reader))
    assert {pair.verdict for pair in found} == {Verdict.SAME}
    assert len(found) == 5_000
