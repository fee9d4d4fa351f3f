"""What the shipper leaves the hub to do, because only the hub writes the journal."""

from pathlib import Path

_NAME = "head_office.fork"


def write_fork(folder: Path, epoch: int) -> None:
    """The journal above is another, of this ``epoch``: a later one must begin."""
    (folder / _NAME).write_text(f"{epoch}\n", encoding="ascii")


def take_fork(folder: Path) -> int | None:
    """The epoch above, once; None: the journals are one."""
    path = folder / _NAME
    try:
        written = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    path.unlink()
    return int(written) if written.strip().isdecimal() else None
