"""Puts changes of the settings into words: what was changed, what it was and is."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from broker.choices.rows import (
    ASKED,
    DAYS,
    DEVICES,
    FIELDS,
    LEAVES,
    LINE,
    PASSES,
    PINS,
    STAFF,
    SWAPS,
    WEEKS,
    WORDS,
)
from broker.console.parts import parts
from broker.console.words import language, say, word
from broker.local.questions import Edit
from broker.rules.shifts import EVERY_DAY

OF_ANOTHER_SHAPE = (LookupError, TypeError, AttributeError, ValueError)
"""What is raised by reading a value that has not the shape it has in this release."""
DUTIES = "duties"
"""A row whose value is a table."""


def edit_name(edit: Edit) -> str:
    """What was changed; its own name, where another release kept it in a shape of its own."""
    try:
        return _name(edit)
    except OF_ANOTHER_SHAPE:
        return edit.row


def edit_value(edit: Edit, value: object) -> str:
    """What it was or is, in words as short as may be; as it is kept, where no words fit it."""
    try:
        return _value(edit, value)
    except OF_ANOTHER_SHAPE:
        return json.dumps(value, ensure_ascii=False)


def _name(edit: Edit) -> str:
    if edit.section in (STAFF, PINS, WEEKS):
        person = parts().site.settings.people.person(edit.row)
        name = person.name if person else edit.row
        of_person = _OF_PERSON.get(edit.section)
        return say(of_person, name=name) if of_person else name
    if edit.section in (DAYS, SWAPS):
        return edit.row
    if edit.section in (LEAVES, ASKED):
        value = edit.now or edit.was or {}
        return _names([value.get("staff_id", value.get("by", edit.row))])
    if edit.section == DEVICES:
        return str((edit.now or edit.was or {}).get("name", edit.row))
    if edit.section == PASSES:
        return str((edit.now or edit.was or {}).get("plate", edit.row))
    key = f"setting.{edit.row}"
    return say(key) if key in parts().words else edit.row


def _value(edit: Edit, value: object) -> str:
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


def _device(value: Any) -> str:
    return " · ".join([say(f"device.kind_{value.get('kind', 'tablet')}"), str(value["name"])])


def week_words(days: str) -> str:
    """``星期一 星期三``; nothing: no day."""
    names = say("day.weekdays").split()
    return " ".join(names[int(day) - 1] for day in days) or say("shift.never")


def _swapped_day(value: Any) -> str:
    come, stay = (value.get(name, ()) for name in ("come_ids", "stay_ids"))
    said = (("shift.comes", come), ("shift.stays", stay))
    return " · ".join(say(key, who=_names(who)) for key, who in said if who)


def _days_of(value: Any) -> str:
    if mate := value.get("with_id"):
        other = value.get("takes_on")
        return " · ".join(filter(None, [value["first"], _names([mate]), other]))
    until = value.get("last", value["first"])
    return " · ".join(filter(None, [f"{value['first']} – {until}", value.get("reason")]))


def _words(value: Any) -> str:
    return " · ".join(map(_called, value))


_TOLD: dict[str, Callable[[Any], str]] = {
    STAFF: _person,
    PINS: lambda _value: "••••••",
    DAYS: _day,
    LINE: _names,
    WEEKS: lambda value: week_words(value.get("days", EVERY_DAY)),
    SWAPS: _swapped_day,
    LEAVES: _days_of,
    ASKED: _days_of,
    PASSES: _pass,
    DEVICES: _device,
    WORDS: _words,
}


_OF_PERSON = {PINS: "settings.of_pin", WEEKS: "shift.of_week"}


def _called(entry: Mapping[str, str]) -> str:
    given = (entry.get(tag) for tag in (language(), "zh-CN", "en", "zh-TW"))
    return next(filter(None, given), entry.get("key", ""))
