"""What the programs write to the machine's log, and what is left out when it would be too much."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.log import BYTES_A_DAY, ENTRY_BYTES, Ration, RationedHandler

DAY_S = 86_400
LINE_BYTES = 1000 - ENTRY_BYTES
DAYS = 10


class Watch:
    """A stopwatch that a test turns."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def taken(ration: Ration, *, is_warning: bool = False) -> int:
    """How many lines of a flood are written just now."""
    lines = 0
    while ration.takes(LINE_BYTES, is_warning=is_warning):
        lines += 1
    return lines


def test_a_flood_of_many_days_stays_within_what_a_day_may_have() -> None:
    watch = Watch()
    ration = Ration(watch)
    lines = 0
    for minute in range(DAYS * DAY_S // 60):
        watch.at_s = minute * 60.0
        lines += taken(ration, is_warning=True)
    assert 0.9 * BYTES_A_DAY < lines * 1000 / DAYS < 1.1 * BYTES_A_DAY


def test_a_busy_day_may_have_a_whole_share_in_twelve_hours() -> None:
    watch = Watch()
    ration = Ration(watch)
    for line in range(int(0.9 * BYTES_A_DAY / 1000)):
        watch.at_s += DAY_S / 2 / (BYTES_A_DAY / 1000)
        assert ration.takes(LINE_BYTES, is_warning=False), line


def test_what_warns_is_still_written_when_other_lines_are_left_out() -> None:
    ration = Ration(Watch())
    assert taken(ration) > 0
    assert taken(ration, is_warning=True) > 50
    assert not ration.takes(LINE_BYTES, is_warning=True)


def test_a_quiet_program_may_write_as_much_at_once_as_before_and_no_more() -> None:
    watch = Watch()
    ration = Ration(watch)
    first = taken(ration)
    watch.at_s = 30.0 * DAY_S
    assert taken(ration) == first


def test_the_log_says_how_many_lines_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch()
    log = logging.Logger("flooding")
    log.addHandler(RationedHandler(Ration(watch)))
    for number in range(10_000):
        log.info("line %d", number)
    watch.at_s = 3600.0
    log.info("the hour after")
    *before, last, lack = capsys.readouterr().err.splitlines()
    assert last == "the hour after"
    assert lack.startswith(f"{10_000 - len(before)} lines before this were left out")


FLOOD = """
import logging
from shared.log import start_logging
start_logging()
for number in range(3000):
    logging.getLogger("flood").info("line %d", number)
"""


@pytest.mark.parametrize(("stream", "at_most"), [({"JOURNAL_STREAM": "8:1"}, 1200), ({}, 3000)])
def test_a_terminal_gets_every_line_and_the_machine_s_log_its_ration(
    stream: dict[str, str], at_most: int
) -> None:
    plain = {key: value for key, value in os.environ.items() if key != "JOURNAL_STREAM"}
    done = subprocess.run(
        [sys.executable, "-c", FLOOD],
        cwd=Path(__file__).parents[2],
        env=plain | stream,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = len(done.stderr.splitlines())
    assert 0.5 * at_most < lines <= at_most
