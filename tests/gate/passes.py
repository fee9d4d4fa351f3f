"""The events that a vote makes of the frames of a video."""

from gate.passing.vote import PlateVote, VotedPlate, VoteRules
from shared.messages import Direction
from tests.gate.cars import Seen, frame

PLATE = "浙A12345"


def voted(seen: list[Seen], rules: VoteRules | None = None) -> list[VotedPlate]:
    vote = PlateVote(rules or VoteRules())
    found = [event for at, readings in seen for event in vote.add(frame(at), readings)]
    return found + vote.finish()


def names(seen: list[Seen], rules: VoteRules | None = None) -> list[str]:
    """Each event's plate, with ``?`` where it is uncertain and ``-`` where the car went out."""
    return [name_of(event) for event in voted(seen, rules)]


def name_of(event: VotedPlate) -> str:
    way = "-" if event.direction is Direction.OUT else ""
    return way + event.sighting.reading.plate + ("?" if event.is_uncertain else "")


def after(seconds: float, seen: list[Seen]) -> list[Seen]:
    return [(at + seconds, readings) for at, readings in seen]
