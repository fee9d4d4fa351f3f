"""Where a message is on its way, from the camera's frame to a phone's alert.

Each program says at its places when a message passed, by the message's id, which the alert bears as
its ``trace_id``: a line of the log, only where the settings say ``says_way``. The time is the
machine's stopwatch, the same for all its programs.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from shared.clock import running_s

log = logging.getLogger(__name__)

_LINE = re.compile(r"way (\S+) (\w+) ([\d.]+)$", re.MULTILINE)


class Place(StrEnum):
    """In the order of the way."""

    FRAME = "frame"
    """The camera took the frame that decided."""
    TAKEN_UP = "taken_up"
    """The gate begins to read it."""
    READ = "read"
    DECIDED = "decided"
    """The vote says which plate it is."""
    ON_DISK = "on_disk"
    """In the gate's outbox."""
    SENT = "sent"
    """Handed to the MQTT server for the hub."""
    HEARD = "heard"
    """At the hub."""
    BEGUN = "begun"
    """It is its turn there."""
    JUDGED = "judged"
    """What follows is known."""
    COMMITTED = "committed"
    ALERT_SENT = "alert_sent"
    """Handed to the MQTT server for the phones."""
    AT_CLIENT = "at_client"
    SHOWN = "shown"
    """The alert stands on a phone's page."""


def say() -> None:
    """From now on this program says where messages are."""
    log.setLevel(logging.DEBUG)


def passed(trace_id: str, place: Place, at_s: float | None = None) -> None:
    """Say that the message passed ``place``, now or at ``at_s`` of ``running_s``."""
    if log.isEnabledFor(logging.DEBUG):
        log.debug("way %s %s %.6f", trace_id, place, running_s() if at_s is None else at_s)


def all_passed(trace_ids: Iterable[str], place: Place, at_s: float | None = None) -> None:
    """The same for several messages."""
    for trace_id in trace_ids:
        passed(trace_id, place, at_s)


def said_in(text: str) -> Iterator[tuple[str, Place, float]]:
    """Message, place and moment of each such line in a log."""
    for trace_id, place, at_s in _LINE.findall(text):
        yield trace_id, Place(place), float(at_s)
