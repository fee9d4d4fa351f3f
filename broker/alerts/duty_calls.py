"""Who is told of a duty (岗位任务), quietly: its post, then a neighbour, then the manager."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from broker.alerts.calls import Call, Value, post
from broker.alerts.neighbours import NEIGHBOURS
from broker.rules.duties import Duty, Rung
from broker.rules.state import MANAGER
from shared.messages import Level

TICKS = ("duty_done", "duty_impossible")
ANSWERS = ("duty_run", "duty_skip")
DUTY_WORDS = frozenset({"duty_due", "duty_by_hand", "duty_late", "duty_unanswered", "duty_ask"})


def post_of_duty(duty: Duty, held: Set[str]) -> str:
    """Who does it; the manager where nobody holds the post."""
    return duty.post if duty.post in held else MANAGER


def call_of_duty(duty: Duty, at: str, held: Set[str]) -> Call:
    """The post hears that it is due, or that its device has not done it; ``at``: the clock time."""
    words = "duty_by_hand" if duty.scene else "duty_due"
    return _to_whose_it_is(words, duty, at, held)


def calls_of_late_duty(duty: Duty, rung: Rung, at: str, held: Set[str]) -> Iterator[Call]:
    """Who hears that nobody has done it."""
    if rung is Rung.MANAGER:
        yield _quiet("duty_unanswered", MANAGER, TICKS, duty, at)
        return
    yield _to_whose_it_is("duty_late", duty, at, held)
    neighbour = NEIGHBOURS.get(post_of_duty(duty, held))
    if neighbour is not None and neighbour in held:
        yield _quiet("duty_late", neighbour, (), duty, at)


def call_of_question(duty: Duty, at: str) -> Call:
    """The manager says whether what is late is still done."""
    return _quiet("duty_ask", MANAGER, ANSWERS, duty, at)


def calls_of_undone(who: str, duty: Duty, reason: str) -> Iterator[Call]:
    """The manager hears of a duty that can't be done."""
    fields = {"who": who, "duty": duty.text, "reason": reason}
    yield Call("duty_impossible", MANAGER, fields=fields)


def _to_whose_it_is(words: str, duty: Duty, at: str, held: Set[str]) -> Call:
    """To the person whose it is, else to the post."""
    call = _quiet(words, post_of_duty(duty, held), TICKS, duty, at)
    return replace(call, role=None, staff_id=duty.staff_id) if duty.staff_id else call


def _quiet(words: str, role: str, actions: tuple[str, ...], duty: Duty, at: str) -> Call:
    fields: Mapping[str, Value] = {"duty": duty.text, "at": at, "post": post(duty.post)}
    return Call(words, role, level=Level.INFO, actions=actions, fields=fields)
