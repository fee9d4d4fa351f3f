"""The head office's commands, as people type them."""

from pathlib import Path

import yingbin
from tests.broker.head_office.group import Group


def settings_of(group: Group, folder: Path) -> Path:
    """The head office's settings, in ``folder``."""
    toml = folder / "head_office.toml"
    toml.write_text(f'database_url = "{group.database_url}"\n', encoding="utf-8")
    return toml


def command(toml: Path, *words: str) -> int:
    """What a command comes to."""
    return yingbin.main(["--lang", "en", "head-office", "--config", str(toml), *words])
