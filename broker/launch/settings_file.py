"""Writes one program's settings, and notes what was written."""

import json
from pathlib import Path

from broker.launch.hand_edits import merged
from shared.replacing import replace_file

AS_WRITTEN = "as_written"
"""The folder with each settings file as we wrote it last: what differs there, a person changed."""


def write_table(path: Path, table: dict[str, object]) -> None:
    """Write ``table`` without undoing what a person changed since it was last written."""
    wanted = _toml(table)
    kept = path.parent / AS_WRITTEN / path.name
    written = kept.read_text(encoding="utf-8") if kept.exists() else None
    try:
        found = path.read_text(encoding="utf-8") if path.exists() else None
    except UnicodeDecodeError:
        return  # an editor's other encoding: the program that reads it says what to do
    replace_file(path, (wanted if found is None else merged(found, written, wanted)).encode())
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    replace_file(kept, wanted.encode())


def _toml(table: dict[str, object]) -> str:
    """``table`` as TOML, plain values first. Scalars look the same in TOML as in JSON."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()]
    for name, inner in table.items():
        if isinstance(inner, dict):
            lines += ["", f"[{name}]", _toml(inner)]
    return "\n".join(lines) + "\n"
