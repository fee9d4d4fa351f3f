"""Files that only their owner may read: they hold passwords and PINs."""

from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write ``text``; others can never read a new file, not even for a moment."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
