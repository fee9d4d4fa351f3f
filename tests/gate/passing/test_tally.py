from datetime import timedelta

from gate.passing.refusal import Reason, Refusal
from gate.passing.tally import HOUR, UNREAD, Tally
from tests.gate.cars import START, picture

IMAGE = picture(90)


def test_only_plates_that_should_have_been_read_count_and_all_are_kept() -> None:
    tally, kept = Tally(), list[Refusal]()
    note = tally.counting(kept.append)
    for reason in Reason:
        note(Refusal(reason, START, IMAGE))
    assert tally.unread(START) == len(UNREAD)
    assert len(kept) == len(Reason)
    assert not UNREAD & {Reason.TOLD_BEFORE, Reason.IN_IGNORED_AREA, Reason.UNCERTAIN}


def test_what_is_older_than_an_hour_is_forgotten() -> None:
    tally = Tally()
    note = tally.counting(lambda _refusal: None)
    for minutes in (0, 30, 59):
        note(Refusal(Reason.TOO_DARK, START + timedelta(minutes=minutes), IMAGE))
    assert tally.unread(START + HOUR) == 3
    assert tally.unread(START + HOUR + timedelta(minutes=1)) == 2
    assert tally.unread(START + 3 * HOUR) == 0
