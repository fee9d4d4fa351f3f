"""Finds the newest good release on a USB stick."""

from collections.abc import Iterator
from pathlib import Path

from broker.updating.release_file import SUFFIX, Version, checked
from broker.updating.signature import Keys
from shared.errors import OperatorError

PLACES = ("/media/", "/run/media/", "/mnt/")
"""Where desktops, automounters and people mount what they plug in."""
_MOUNTS = Path("/proc/mounts")


def mounted_media(mounts: Path = _MOUNTS) -> tuple[Path, ...]:
    """The folders of what is plugged in and mounted."""
    lines = mounts.read_text("utf-8").splitlines()
    targets = (line.split()[1].replace("\\040", " ") for line in lines)
    return tuple(Path(target) for target in targets if target.startswith(PLACES))


def newest_release(folders: tuple[Path, ...], keys: Keys, machine: str) -> Path:
    """The good release for this ``machine`` with the highest version.

    Raises:
        OperatorError: there is none; says what is wrong with those that are there.
    """
    good: list[tuple[Version, Path]] = []
    problems = []
    for path in _files(folders):
        try:
            manifest = checked(path, keys)
        except OperatorError as error:
            problems.append(error)
            continue
        if manifest.machine in (None, machine):
            good.append((Version.of(manifest.version), path))
    if good:
        return max(good)[1]
    if problems:
        raise problems[0]
    raise OperatorError("error.no_release", folders=", ".join(map(str, folders)) or "–")


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.glob(f"*{SUFFIX}"))
