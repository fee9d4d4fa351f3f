"""Puts changes of the settings into words: what was changed, what it was and is."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from broker.choices.rows import DAYS, FIELDS, LINE, PASSES, PINS, STAFF, WORDS
from broker.console.parts import parts
from broker.console.words import language, say, word
from broker.local.questions import Edit

DUTIES = "duties"
"""A row whose value is a table."""


def edit_name(edit: Edit) -> str:
    """What was changed."""
    if edit.section in (STAFF, PINS):
        person = parts().site.settings.people.person(edit.row)
        name = person.name if person else edit.row
        return say("settings.of_pin", name=name) if edit.section == PINS else name
    if edit.section == DAYS:
        return edit.row
    if edit.section == PASSES:
        return str((edit.now or edit.was or {}).get("plate", edit.row))
    key = f"setting.{edit.row}"
    return say(key) if key in parts().words else edit.row


def edit_value(edit: Edit, value: object) -> str:
    """What it was or is, in words as short as may be."""
    if value is None and edit.section in FIELDS:
        value = msgspec.to_builtins(FIELDS[edit.section]()).get(edit.row)
    if value is None:
        return say("settings.usual" if edit.section == WORDS else "settings.nothing")
    if isinstance(value, bool):
        return say("settings.yes" if value else "settings.no")
    if edit.row == DUTIES:
        return " · ".join(f"{plan['times']} {plan['text']}" for plan in value)  # type: ignore[attr-defined]
    if edit.section in FIELDS:
        return " · ".join(map(_option, value)) if isinstance(value, list) else _option(value)
    told = _TOLD.get(edit.section)
    return told(value) if told else json.dumps(value, ensure_ascii=False)


def _option(value: object) -> str:
    """An option's label, a person's name, or the value as it is."""
    key, names = f"setting.{value}", parts().site.settings.people.names()
    return say(key) if key in parts().words else names.get(str(value), str(value))


def _person(value: Any) -> str:
    roles = [word("role", str(role)) for role in value.get("roles", ())]
    return " · ".join(filter(None, [str(value.get("name", "")), *roles, value.get("team")]))


def _day(value: Any) -> str:
    hours = f"{value['open']}–{value['close']}" if value.get("open") else say("settings.closed")
    return " · ".join(filter(None, [hours, value.get("name")]))


def _names(value: Any) -> str:
    names = parts().site.settings.people.names()
    return " · ".join(names.get(str(who), str(who)) for who in value)


def _pass(value: Any) -> str:
    kind = say(f"pass.kind_{value.get('kind', 'other')}")
    return " · ".join(filter(None, [kind, value.get("holder"), value.get("number")]))


def _words(value: Any) -> str:
    return " · ".join(map(_called, value))


_TOLD: dict[str, Callable[[Any], str]] = {
    STAFF: _person,
    PINS: lambda _value: "••••••",
    DAYS: _day,
    LINE: _names,
    PASSES: _pass,
    WORDS: _words,
}


def _called(entry: Mapping[str, str]) -> str:
    given = (entry.get(tag) for tag in (language(), "zh-CN", "en", "zh-TW"))
    return next(filter(None, given), entry.get("key", ""))
