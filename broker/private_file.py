"""Files that only their owner may read: they hold passwords, PINs and customers."""

from collections.abc import Iterator
from pathlib import Path

SETTINGS = (
    *("*.toml", "*.json", "*.key", "site-key.html"),
    *("as_written/*", "certificates/*", "before-*"),
)
"""What lies in the folder of a site's settings. Others may have files of theirs beside them."""


def write_private(path: Path, text: str) -> None:
    """Write ``text``; others can never read a new file, not even for a moment."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def settings_in(config: Path) -> Iterator[Path]:
    """The files and folders of a site's settings."""
    for pattern in SETTINGS:
        yield from config.glob(pattern)
