from datetime import timedelta
from pathlib import Path

from gate.passing.refusal import Reason, Refusal
from gate.passing.tally import HOUR, UNREAD, Tally
from gate.passing.trace import Trace
from tests.gate.cars import START, picture

IMAGE = picture(90)


def test_only_plates_that_should_have_been_read_count_and_all_are_kept(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=1, most=100)
    for reason in Reason:
        trace.keep(Refusal(reason, START, IMAGE))
    assert trace.tally.unread(START) == len(UNREAD)
    assert len(trace.entries()) == len(Reason)
    assert not UNREAD & {Reason.TOLD_BEFORE, Reason.IN_IGNORED_AREA, Reason.UNCERTAIN}


def test_what_is_older_than_an_hour_is_forgotten() -> None:
    tally = Tally()
    for minutes in (0, 30, 59):
        tally.note(Refusal(Reason.TOO_DARK, START + timedelta(minutes=minutes), IMAGE))
    assert tally.unread(START + HOUR) == 3
    assert tally.unread(START + HOUR + timedelta(minutes=1)) == 2
    assert tally.unread(START + 3 * HOUR) == 0
