"""Files that only their owner may read: they hold passwords and PINs."""

from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write ``text``; others can never read a new file, not even for a moment."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def replace_private(path: Path, text: str) -> None:
    """Let the file hold ``text``; where the disk refuses it, the old file stays whole.

    A file that holds it already is left alone, so a read-only disk is no trouble then.
    """
    if path.exists() and path.read_bytes() == text.encode():
        return
    fresh = path.with_name(f"{path.name}.new")
    write_private(fresh, text)
    fresh.replace(path)
