"""Settings that were written once and edited by hand since: who wins, line by line. Pure."""

import re
from typing import NamedTuple

_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")


_PLACE = re.compile(r"(port|host|dir|file)$")
"""Keys of where a program listens and keeps its files."""


class Setting(NamedTuple):
    """Where a setting stands: its table (empty: before the first) and its key."""

    table: str
    key: str


def merged(found: str, written: str | None, wanted: str) -> str:
    """The text ``found`` in the file, with what changed from ``written`` to ``wanted``.

    Only lines that still stand as they were ``written`` follow; whatever a person changed, added
    or took out stays theirs. ``written`` None: nobody knows what was, so all of it is theirs, but
    for ports and places, which the command says anew at each start.
    """
    there, after = _settings(found), _settings(wanted)
    if written is None:
        before = {key: line for key, line in there.items() if _PLACE.search(key.key)}
        after = {key: line for key, line in after.items() if key in before}
    else:
        before = _settings(written)
    lines, table = _added("", before, after, there), ""
    for line in found.splitlines():
        table, setting = _place(line, table)
        if setting is None:
            lines.append(line)
            if _HEADER.match(line):
                lines += _added(table, before, after, there)
        elif before.get(setting) != line:
            lines.append(line)
        elif setting in after:
            lines.append(after[setting])
    return "\n".join(lines) + "\n"


def _added(
    table: str,
    before: dict[Setting, str],
    after: dict[Setting, str],
    there: dict[Setting, str],
) -> list[str]:
    """The lines of ``table`` that are new since, and that no person wrote."""
    return [
        line
        for setting, line in after.items()
        if setting.table == table and setting not in before and setting not in there
    ]


def _settings(text: str) -> dict[Setting, str]:
    found, table = {}, ""
    for line in text.splitlines():
        table, setting = _place(line, table)
        if setting is not None:
            found[setting] = line
    return found


def _place(line: str, table: str) -> tuple[str, Setting | None]:
    """The table in force after ``line``, and the setting that stands there, if any."""
    if header := _HEADER.match(line):
        return header[1], None
    key = _KEY.match(line)
    return table, Setting(table, key[1]) if key else None
