"""A site's choices as a TOML file that people read: ``yingbin settings export`` and ``import``."""

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from broker.choices.rows import (
    ASKED,
    BRAND,
    DAYS,
    DEVICES,
    LEAVES,
    LINE,
    PASSES,
    PINS,
    POLICY,
    RETENTION,
    STAFF,
    SWAPS,
    WEEKS,
    WORDS,
    Row,
    Rows,
)
from shared.errors import BadValueError, ConfigError
from shared.toml_file import table_of, text_of
from shared.words import Sentence

SECTIONS = (
    *(POLICY, RETENTION, DAYS, STAFF, PINS, LINE),
    *(WEEKS, SWAPS, LEAVES, WORDS, BRAND, PASSES),
)
NOT_WRITTEN = frozenset({DEVICES, ASKED})
"""A device's link is good at this site alone; what is asked for is still somebody's to answer."""
_WHOLE_NUMBERS = 1 << 53
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def written(rows: Rows) -> str:
    """The file: a table for each section; a person or a day is a table of it."""
    lines: list[str] = []
    for section in SECTIONS:
        own = {name: value for (of, name), value in rows.items() if of == section}
        plain = {name: value for name, value in own.items() if not isinstance(value, dict)}
        if plain:
            lines += [f"[{section}]", *map(_line, plain.items()), ""]
        for name, value in own.items():
            if isinstance(value, dict):
                lines += [f"[{section}.{_key(name)}]", *map(_line, value.items()), ""]
    return "\n".join(lines)


def rows_in(path: Path) -> dict[Row, Any]:
    """The rows that the file holds.

    Raises:
        ConfigError: it is no TOML, or has a section that there is not.
        BadValueError: a value is none that a setting can have; names its field.
    """
    read = table_of(text_of(path), path)
    for section, own in read.items():
        if section not in SECTIONS or not isinstance(own, dict):
            raise ConfigError("error.settings_section", path=path, section=section)
    return {
        (section, key): _plain(value, f"{section}.{key}")
        for section, own in read.items()
        for key, value in own.items()
    }


def _plain(value: Any, field: str) -> Any:
    """A value as the journal keeps it: TOML's own days and times of day are texts there."""
    match value:
        case dict():
            return {key: _plain(each, f"{field}.{key}") for key, each in value.items()}
        case list():
            return [_plain(each, field) for each in value]
        case datetime() | date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case float() if not math.isfinite(value):
            raise BadValueError("error.field", field=field, problem=Sentence("advice.number"))
        case int() if abs(value) > _WHOLE_NUMBERS:
            raise BadValueError("error.field", field=field, problem=Sentence("advice.number"))
    return value


def merged(before: Rows, wanted: Rows) -> dict[Row, Any]:
    """``before`` with each section that is ``wanted`` as it is there.

    People and PINs that the file does not name stay: who goes leaves the company.
    """
    sections = {section for section, _ in wanted}
    kept = {
        row: value
        for row, value in before.items()
        if row[0] not in sections or row[0] in (STAFF, PINS)
    }
    return {**kept, **wanted}


def _line(entry: tuple[str, Any]) -> str:
    name, value = entry
    return f"{_key(name)} = {_value(value)}"


def _key(name: str) -> str:
    return name if name and set(name) <= _BARE else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """TOML writes texts, numbers and truth as JSON does."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(map(_line, value.items())) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
