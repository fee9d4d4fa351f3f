"""Why something was seen and not told (F51)."""

from gate.passing.refusal import Reason, Refusal
from gate.passing.vote import PlateVote, VoteRules
from tests.gate.cars import Seen, drive, frame, stand
from tests.gate.passes import PLATE, after


def refused(seen: list[Seen]) -> list[Refusal]:
    """What a vote refuses when it is shown ``seen`` and then an empty drive."""
    found: list[Refusal] = []
    vote = PlateVote(VoteRules(), found.append)
    for at, readings in seen:
        vote.add(frame(at), readings)
    vote.finish()
    return found


def test_a_parked_car_is_not_told_because_it_stands_still() -> None:
    (refusal,) = refused(stand(PLATE, seconds=5))
    assert (refusal.reason, refusal.plate) == (Reason.STANDS_STILL, PLATE)
    assert refusal.corners_px is not None


def test_the_same_car_a_minute_later_was_told_before() -> None:
    found = refused([*drive(PLATE), *after(60, drive(PLATE))])
    assert [refusal.reason for refusal in found] == [Reason.TOLD_BEFORE]


def test_a_car_that_is_told_is_not_refused() -> None:
    assert refused(drive(PLATE)) == []
