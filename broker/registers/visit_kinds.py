"""What a visit counts as: by these words its rows are found and numbers are made. Pure."""

from collections.abc import Iterator

from broker.journal.hiding import ERASED
from broker.registers.day_facts import VisitStory

ORIGINS = (
    *("vip", "appointment", "same_day", "orphan", "returning", "family", "named"),
    *("expired", "split_commission", "undetermined", "natural"),
)
"""How somebody came, by the flags of the decision; the first that fits (``register.origin_…``)."""
WALKED, DROVE, NEW, AGAIN = "walked", "drove", "new", "again"
OPEN, RECEIVED, ENTERED = "open", "received", "entered"
ANSWERED, WAITED, MISREAD = "answered", "waited", "misread"
WAITS_MIN = (0, 1, 2, 5, 10)
"""Where the groups begin by which waits are shown."""


def origin(story: VisitStory) -> str | None:
    """How the visitor came: ``natural``, ``named`` …; None before a decision."""
    return next((flag for flag in ORIGINS if flag in story.flags), None)


def visit_kinds(story: VisitStory) -> Iterator[str]:
    """What a visit counts as."""
    yield DROVE if story.car_at else WALKED
    yield origin(story) or OPEN
    if story.answers is not None:
        yield NEW if story.answers.first_visit == "yes" else AGAIN
    if story.last is not None and story.last.host_id is None:
        yield "unreceived"
    if story.is_left_open:
        yield "left_open"
    if story.host_id is not None:
        yield RECEIVED
    if story.entered is not None:
        yield ENTERED
    yield f"came_{story.quarter}"
    if story.answered_s is not None:
        yield ANSWERED
    if story.waited_s is not None:
        yield WAITED
        yield f"waited_{wait_group(story.waited_s)}"


def wait_group(waited_s: float) -> int:
    """The minutes at which this wait's group begins; a clock that was set back makes no wait."""
    return max((low for low in WAITS_MIN if low * 60 <= waited_s), default=0)


def car_kinds(story: VisitStory) -> Iterator[str]:
    """What a car counts as."""
    yield from visit_kinds(story)
    if story.is_misread:
        yield MISREAD
        yield from (f"misread_{pair}" for pair in confusions(story))


def confusions(story: VisitStory) -> set[str]:
    """The characters of its plate that the reader took for others: ``B→8``, read and true."""
    read, plate = story.read_as or "", story.plate or ""
    if len(read) != len(plate) or read.startswith(ERASED):
        return set()
    return {f"{was}→{now}" for was, now in zip(read, plate, strict=True) if was != now}
