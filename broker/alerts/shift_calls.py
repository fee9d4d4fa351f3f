"""Who is told of shifts (排班): whoever has to agree, whoever asked, the manager each morning."""

from collections.abc import Iterator, Mapping

from broker.alerts.calls import Call, Value, post
from broker.rules.shifts import ShiftRequest
from broker.rules.state import MANAGER
from shared.messages import Level


def call_of_request(asked: ShiftRequest, who: str) -> Call:
    """The colleague hears of a swap that they may agree to, the manager of leave."""
    fields: dict[str, Value] = {"who": who, "on": asked.first.isoformat()}
    if asked.with_id is None:
        until = (asked.last or asked.first).isoformat()
        return _quiet("leave_asked", None, {**fields, "until": until})
    if asked.takes_on is None:
        return _quiet("shift_cover_asked", asked.with_id, fields)
    other = asked.takes_on.isoformat()
    return _quiet("shift_swap_asked", asked.with_id, {**fields, "other": other})


def calls_of_answer(asked: ShiftRequest, who: str, mate: str, *, is_agreed: bool) -> Iterator[Call]:
    """Who asked hears what came of it; the manager of a swap that holds."""
    fields: dict[str, Value] = {"who": mate, "on": asked.first.isoformat()}
    yield _quiet("shift_agreed" if is_agreed else "shift_refused", asked.by, fields)
    if is_agreed and asked.with_id is not None:
        yield _quiet("shift_swapped", None, {**fields, "by": who})


def calls_of_coverage(
    unmanned: tuple[str, ...], missing: tuple[str, ...], unconnected: tuple[str, ...]
) -> Iterator[Call]:
    """What is still missing before the house opens; nothing, where nothing is."""
    if unmanned:
        yield _quiet("posts_unmanned", None, {"posts": tuple(map(post, unmanned))})
    if missing:
        yield _quiet("people_missing", None, {"people": missing})
    if unconnected:
        yield _quiet("phones_unconnected", None, {"people": unconnected})


def _quiet(words: str, staff_id: str | None, fields: Mapping[str, Value]) -> Call:
    role = None if staff_id else MANAGER
    return Call(words, role, staff_id, Level.INFO, actions=(), fields=fields)
