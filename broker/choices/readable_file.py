"""A site's choices as a TOML file that people read: ``yingbin settings export`` and ``import``."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from broker.choices.rows import (
    BRAND,
    DAYS,
    LEAVES,
    LINE,
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
from shared.errors import ConfigError

SECTIONS = (POLICY, RETENTION, DAYS, STAFF, PINS, LINE, WEEKS, SWAPS, LEAVES, WORDS, BRAND)
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


def rows_in(text: str, name: str) -> dict[Row, Any]:
    """The rows that the file holds; ``name``: what errors call it.

    Raises:
        ConfigError: it is no TOML, or has a section that there is not.
    """
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("error.config_toml", path=name, problem=error) from error
    for section, own in read.items():
        if section not in SECTIONS or not isinstance(own, dict):
            raise ConfigError("error.settings_section", path=name, section=section)
    return {(section, key): value for section, own in read.items() for key, value in own.items()}


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
