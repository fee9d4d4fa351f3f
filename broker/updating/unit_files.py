"""The services' unit files, which travel with a release; one that a person changed stays theirs."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.replacing import flush

USUAL_FOLDER = Path("/etc/systemd/system")
_WITHIN = Path("share", "yingbin", "systemd")
"""Where a release's environment holds its units."""


def exchange_units(folder: Path, old: Path, new: Path) -> Iterator[tuple[str, Path]]:
    """Put the units of the environment ``new`` in the place of those of ``old`` in ``folder``.

    Yields the name of each that is neither the one's nor the other's and stays as it is, with where
    that of ``new`` lies. May be begun again after a power cut, and undone the other way round.
    """
    theirs, ours = _units(old), _units(new)
    for name, wanted in ours.items():
        path = folder / name
        found = path.read_bytes() if path.exists() else None
        if wanted in (found, theirs.get(name)):
            continue
        if path.is_symlink() or found != theirs.get(name):
            yield name, new / _WITHIN / name
            continue
        _replace(path, wanted)


def _units(environment: Path) -> Mapping[str, bytes]:
    """The units of a release; none of one that is older than this module."""
    return {path.name: path.read_bytes() for path in (environment / _WITHIN).glob("*.service")}


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.chmod(0o644)
    flush(fresh)
    fresh.replace(path)
    flush(path.parent)
