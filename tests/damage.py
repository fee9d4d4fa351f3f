"""Damages a SQLite file as disks, power cuts and people do."""

from collections.abc import Callable
from pathlib import Path

PAGE = 4096


def break_header(path: Path) -> None:
    """Overwrite the first bytes, by which SQLite knows its files."""
    _write(path, 0, b"\xff" * 100)


def break_page(path: Path) -> None:
    """Overwrite a page in the middle."""
    middle = path.stat().st_size // PAGE // 2
    _write(path, middle * PAGE, b"\xa5" * PAGE)


def cut(path: Path) -> None:
    """Cut off the last third."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def empty(path: Path) -> None:
    """Leave nothing in it."""
    with path.open("r+b") as file:
        file.truncate(0)


def delete(path: Path) -> None:
    """Delete it."""
    path.unlink()


DAMAGES: tuple[Callable[[Path], None], ...] = (break_header, break_page, cut, empty, delete)


def _write(path: Path, at: int, what: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(what)
