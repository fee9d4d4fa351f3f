"""Who is told of a case (事项): the post that gets it; the manager where it is urgent or late."""

from collections.abc import Iterator, Mapping, Set

from broker.alerts.calls import Call, Value, word
from broker.rules.case_classes import CaseClass
from broker.rules.state import MANAGER
from shared.messages import Level


def post_of(row: CaseClass, held: Set[str]) -> str:
    """Who gets a case of this class; the manager where nobody holds the post."""
    return row.post if row.post in held else MANAGER


def calls_of_new_case(row: CaseClass, number: str, held: Set[str]) -> Iterator[Call]:
    """Tell the post, and the manager of what is urgent."""
    level = Level.NORMAL if row.is_urgent else Level.INFO
    fields = _named(row.name, number)
    for role in dict.fromkeys((post_of(row, held), *((MANAGER,) * row.is_urgent))):
        yield Call("case_opened", role=role, level=level, fields=fields)


def call_of_broken_promise(kind: str, number: str) -> Call:
    """The manager hears of a promise that was not kept."""
    return Call("case_late", role=MANAGER, level=Level.NORMAL, fields=_named(kind, number))


def _named(kind: str, number: str) -> Mapping[str, Value]:
    return {"kind": word(f"case_{kind}"), "number": number}
