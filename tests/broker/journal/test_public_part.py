"""Which members of an entry are sealed: the types say so, and every new one has to be placed."""

from collections.abc import Iterator
from typing import Annotated, Any, TypeGuard, get_args, get_origin, get_type_hints

import msgspec
import pytest

from broker.journal.public_part import FORM, SEALED, public_of
from broker.journal.steps import Rules, Step
from broker.local import questions
from broker.rules.facts import Registration
from shared import messages
from shared.keys import StoredAs

PUBLIC = frozenset(
    {
        *("absent", "ahead", "booked_by", "bookings_of", "by", "cause", "claimed_by"),
        *("code", "declined", "departed", "disputes", "entries", "evidence", "flag"),
        *("flags", "given_by", "goes_to", "granted_by", "here", "id", "level", "line"),
        *(
            "made_up",
            "off_duty",
            "order",
            "overrules",
            "passed",
            "registered_by",
            "renews",
            "resting",
        ),
        *("roster", "rule", "shown", "stand_ins", "team", "turn_of", "visits", "what"),
        *("made_up", "order", "overrules", "passed", "registered_by", "renews", "roster"),
        *("rooms", "rule", "shown", "stand_ins", "team", "turn_of", "visits", "what"),
    }
)
"""Texts in the rules' own structs that hold no person, besides ``…_id`` and ``…_ids``."""


def messages_in(module: Any) -> list[type[msgspec.Struct]]:
    found = vars(module).values()
    return [kind for kind in found if is_struct(kind) and issubclass(kind, messages.Message)]


def members(*roots: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    """Every member of these structs, and of those inside them, with its type."""
    seen, waiting = set(), list(roots)
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        hints = get_type_hints(kind, include_extras=True)
        for name in kind.__struct_fields__:
            yield name, hints[name]
            waiting += [part for part in parts(hints[name]) if is_struct(part)]


def parts(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from parts(part)


def is_struct(part: Any) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(part, type) and issubclass(part, msgspec.Struct)


def is_personal(hint: Any) -> bool:
    return any(get_origin(part) is Annotated and is_stored(part) for part in parts(hint))


def is_stored(part: Any) -> bool:
    return any(isinstance(mark, StoredAs) for mark in part.__metadata__)


def test_whatever_is_typed_as_a_plate_phone_name_or_text_is_sealed() -> None:
    roots = [*messages_in(messages), *messages_in(questions)]
    personal = {
        name for name, hint in members(*roots, Step, Rules, Registration) if is_personal(hint)
    }
    assert {"plate", "phone", "surname", "note"} <= personal
    assert personal <= SEALED[FORM], "a new form is needed, which seals them too"


def test_every_text_of_the_rules_is_either_sealed_or_holds_no_person() -> None:
    texts = {
        name for name, hint in members(Step, Rules) if any(part is str for part in parts(hint))
    }
    placed = SEALED[FORM] | PUBLIC
    assert {name for name in texts - placed if not name.endswith(("_id", "_ids"))} == set()
    assert texts >= PUBLIC
    assert not PUBLIC & SEALED[FORM]


@pytest.mark.parametrize(
    ("body", "public"),
    [
        ('{"visit_id":"v-1","phone":"13900001111"}', '{"visit_id":"v-1","phone":null}'),
        ('{"events":[{"plates":["浙B99999"],"at":1}]}', '{"events":[{"plates":null,"at":1}]}'),
        ('[[{"name":"张"}],2]', '[[{"name":null}],2]'),
        ('{"guest":{"party_size":2}}', '{"guest":null}'),
        ("{", ""),
        ("[" * 5_000, ""),
        ("\udc80", ""),
    ],
)
def test_the_public_part_has_everything_else(body: str, public: str) -> None:
    assert public_of(body, FORM) == public


def test_a_form_that_nobody_knows_has_no_public_part() -> None:
    assert public_of("{}", FORM + 1) == ""
