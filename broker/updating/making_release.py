"""Makes a release of wheels and signs it: ``make release``."""

import hashlib
import io
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from broker.store.schema import migrations
from broker.updating.release_file import (
    FORMAT,
    MANIFEST,
    SIGNATURE,
    SUFFIX,
    Manifest,
    Version,
    Wheel,
)
from broker.updating.signature import make_signing_key, signed
from shared.command_line import Terminal, terminal_of
from shared.errors import OperatorError

_OWN = re.compile(r"yingbin-([^-]+)-py3-none-any\.whl")
_FOR_ONE_PYTHON = re.compile(r"-cp3(\d+)-cp3\1-")
_FOR_ONE_MACHINE = re.compile(r"_(x86_64|aarch64)\.whl$")


def make_release(wheels: Path, key: Path, to: Path, *, hub_needs: int = migrations.needed) -> Path:
    """The release of the wheels in a folder, signed with ``key``, in the folder ``to``.

    Raises:
        OperatorError: ours is not among them, they are for different machines, or there is no key.
    """
    found = sorted(wheels.glob("*.whl"), key=lambda path: (not _OWN.fullmatch(path.name), path))
    ours = _OWN.fullmatch(found[0].name) if found else None
    if ours is None:
        raise OperatorError("error.release_wheels", folder=wheels)
    version = Version.of(ours[1])
    manifest = Manifest(
        format=FORMAT,
        version=str(version),
        machine=_the_only(_FOR_ONE_MACHINE, found, ""),
        python=_the_only(_FOR_ONE_PYTHON, found, "3."),
        hub_needs=hub_needs,
        unpacked=sum(map(_unpacked, found)),
        wheels=tuple(map(_described, found)),
    )
    text = msgspec.json.encode(manifest)
    done = to / f"yingbin-{version}{f'-{manifest.machine}' if manifest.machine else ''}{SUFFIX}"
    begun = done.with_name(f".{done.name}.part")
    with tarfile.open(begun, "w:") as tar:
        for name, content in ((MANIFEST, text), (SIGNATURE, signed(text, key))):
            tar.addfile(_member(name, len(content)), io.BytesIO(content))
        for path, wheel in zip(found, manifest.wheels, strict=True):
            with path.open("rb") as opened:
                tar.addfile(_member(wheel.name, wheel.size), opened)
    begun.replace(done)
    return done


def _the_only(pattern: re.Pattern[str], wheels: Iterable[Path], before: str) -> str | None:
    """What ``pattern`` finds in the wheels' names; None: they say nothing."""
    found = {match[1] for path in wheels if (match := pattern.search(path.name))}
    if len(found) > 1:
        raise OperatorError("error.release_mixed", kinds=", ".join(sorted(found)))
    return f"{before}{found.pop()}" if found else None


def _described(path: Path) -> Wheel:
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Wheel(path.name, path.stat().st_size, digest)


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as opened:
        return sum(member.file_size for member in opened.infolist())


def _member(name: str, size: int) -> tarfile.TarInfo:
    """The same bytes whoever packs them, and whenever."""
    member = tarfile.TarInfo(name)
    member.size = size
    return member


def main(terminal: Terminal, words: list[str]) -> int:
    """Make a release, or a key."""
    parser = terminal.parser("make release", "help.make_release")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE")
    parser.add_argument("--wheels", type=Path, metavar="DIR")
    parser.add_argument("--to", type=Path, metavar="DIR")
    asked = parser.parse_args(words)
    if asked.wheels is None:
        terminal.tell(make_signing_key(asked.key))
        return 0
    terminal.tell(str(make_release(asked.wheels, asked.key, asked.to or Path())))
    return 0


if __name__ == "__main__":
    where, rest = terminal_of(sys.argv[1:])
    try:
        sys.exit(main(where, rest))
    except OperatorError as error:
        where.warn(error.sentence)
        sys.exit(1)
