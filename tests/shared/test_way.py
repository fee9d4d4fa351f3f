import logging

import pytest

from shared import way
from shared.way import Place


def test_where_a_message_passed_is_said_only_by_a_program_that_was_told_to(
    caplog: pytest.LogCaptureFixture,
) -> None:
    way.log.setLevel(logging.NOTSET)
    with caplog.at_level(logging.INFO):
        way.passed("a-1", Place.HEARD)
    assert caplog.messages == []
    level = way.log.level
    try:
        way.say()
        way.passed("a-1", Place.HEARD, 12.5)
        way.all_passed(["a-1", "a-2"], Place.COMMITTED, 13.0)
    finally:
        way.log.setLevel(level)
    said = "\n".join(f"2026-11-23 DEBUG shared.way: {line}" for line in caplog.messages)
    assert list(way.said_in(said)) == [
        ("a-1", Place.HEARD, 12.5),
        ("a-1", Place.COMMITTED, 13.0),
        ("a-2", Place.COMMITTED, 13.0),
    ]
