"""How often the manager was told each kind of notice lately, so that nobody drowns them in it."""

from collections.abc import Iterator

from broker.alerts.calls import Call, call_of_more
from broker.rules.state import MANAGER
from shared.clock import Stopwatch, running_s
from shared.messages import Level

ALARMS, ALARMS_WITHIN_S = 3, 600.0
"""So many alarms by one person are usual in this time; of one more the manager hears."""
MANY = 10
"""More notices of one kind than this ring nowhere until ``WITHIN_S`` have passed."""
WITHIN_S = 3600.0
ONCE = frozenset({"unauthorised"})
"""The rules tell of each of these only once."""


class OftenTold:
    """Counts what the manager is told; begins anew with the process."""

    def __init__(self, stopwatch: Stopwatch = running_s) -> None:
        self._stopwatch = stopwatch
        self._told: dict[str, tuple[float, int]] = {}
        """By the notice's words: when the counting began, and how many there were since."""
        self._alarms: dict[str, list[float]] = {}
        """By who raised them: when the last ones were."""

    def are_many_alarms(self, who: str) -> bool:
        """Whether this person's alarm is one more than usual: true once until it is calm again."""
        now_s = self._stopwatch()
        lately = [each for each in self._alarms.get(who, []) if now_s - each < ALARMS_WITHIN_S]
        if len(lately) <= ALARMS:
            self._alarms[who] = [*lately, now_s]
        return len(lately) == ALARMS

    def bounded(self, call: Call) -> Iterator[Call]:
        """``call``; nothing instead, or that there are more, where the manager had many of it.

        What is urgent, what is told once, and what is for somebody else, always rings.
        """
        if call.role != MANAGER or call.level is Level.URGENT or call.words in ONCE:
            yield call
            return
        began_s, count = self._told.get(call.words, (self._stopwatch(), 0))
        if self._stopwatch() - began_s > WITHIN_S:
            began_s, count = self._stopwatch(), 0
        self._told[call.words] = began_s, count + 1
        if count < MANY:
            yield call
        elif count == MANY:
            yield call_of_more(call.words, MANY)
