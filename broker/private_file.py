"""Files that only their owner may read: they hold passwords, PINs and customers."""

import os
from collections.abc import Iterator
from contextlib import suppress
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


def replace_private(path: Path, text: str) -> None:
    """Let the file hold ``text``, its owner stay; where the disk refuses, the old one stays whole.

    A file that holds it already is left alone, so a read-only disk is no trouble then.
    """
    if path.exists() and path.read_bytes() == text.encode():
        return
    fresh = path.with_name(f"{path.name}.new{os.getpid()}")
    write_private(fresh, text)
    with suppress(OSError):
        kept = path.stat()
        os.chown(fresh, kept.st_uid, kept.st_gid)
    fresh.replace(path)


def settings_in(config: Path) -> Iterator[Path]:
    """The files and folders of a site's settings."""
    for pattern in SETTINGS:
        yield from config.glob(pattern)
