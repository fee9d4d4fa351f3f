"""A release's file: what it says of itself, and that all of it is as it was signed.

A tar, not compressed, because wheels are: first ``manifest.json`` and its signature, then the
wheels that it lists, in the same order.
"""

import hashlib
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, NamedTuple, Self

import msgspec
from msgspec import Meta, Struct

from broker.updating.signature import Keys, is_signed
from shared.errors import OperatorError

SUFFIX = ".yingbin-release"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FORMAT = 1
_SMALL_BYTES = 1 << 20
_PIECE_BYTES = 1 << 20
_NUMBERS = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})")

WheelName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.+-]+\.whl$", max_length=200)]


class Version(NamedTuple):
    """A release's number."""

    major: int
    minor: int
    patch: int

    @classmethod
    def of(cls, text: str) -> Self:
        """The version written as ``1.2.3``.

        Raises:
            ValueError: it is written otherwise.
        """
        found = _NUMBERS.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no version such as 1.2.3")
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        """As a release's name has it."""
        return ".".join(map(str, self))


class Wheel(Struct, frozen=True):
    """A wheel that a release needs."""

    name: WheelName
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a release says of itself. The first wheel is our own, the others are libraries."""

    format: int
    version: str
    machine: str | None
    """As ``platform.machine`` says it; None: any."""
    python: str | None
    """As ``3.11``; None: any that we support."""
    hub_needs: int
    """The number that a hub must know to use a file that this release has written."""
    unpacked: int
    """Bytes on the disk, once it is installed."""
    wheels: Annotated[tuple[Wheel, ...], Meta(min_length=1, max_length=500)]

    def __post_init__(self) -> None:
        """Refuse what is no version: it becomes a folder's name."""
        Version.of(self.version)

    @property
    def own(self) -> Wheel:
        """Our own wheel."""
        return self.wheels[0]

    @property
    def libraries(self) -> str:
        """A name for these very libraries: releases with the same ones share them on the disk."""
        every = "\n".join(sorted(f"{wheel.name} {wheel.sha256}" for wheel in self.wheels[1:]))
        return hashlib.sha256(every.encode()).hexdigest()[:16]


def read_manifest(text: bytes, path: Path) -> Manifest:
    """The manifest written as ``text``.

    Raises:
        OperatorError: it is none, or of a later kind.
    """
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise OperatorError("error.release_damaged", path=path, problem=error) from error
    if manifest.format != FORMAT:
        raise OperatorError("error.release_format", path=path, format=manifest.format)
    return manifest


def checked(path: Path, keys: Keys) -> Manifest:
    """What the release ``path`` says of itself, after all of it was compared with its signature.

    Raises:
        OperatorError: it is no release, of nobody we trust, damaged or cut.
    """
    return _read(path, keys, None)


def unpack_release(path: Path, keys: Keys, into: Path) -> Manifest:
    """Write the wheels of the release ``path`` to the folder ``into``, comparing each once more.

    Raises:
        OperatorError: as for ``checked``.
    """
    return _read(path, keys, into)


def _read(path: Path, keys: Keys, into: Path | None) -> Manifest:
    try:
        with tarfile.open(path, "r:") as tar:
            members = iter(tar)
            text, signature = _small(tar, members, MANIFEST), _small(tar, members, SIGNATURE)
            if not is_signed(text, signature, keys):
                raise OperatorError("error.release_signature", path=path)
            manifest = read_manifest(text, path)
            for wheel in manifest.wheels:
                _take(_next(tar, members, wheel.name, wheel.size), wheel, into)
            _refuse_more(members)
            return manifest
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise OperatorError("error.release_damaged", path=path, problem=error) from error


def _refuse_more(members: Iterator[tarfile.TarInfo]) -> None:
    if next(members, None) is not None:
        raise tarfile.TarError("there is more in it than was signed")


def _small(tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo], name: str) -> bytes:
    return _next(tar, members, name, _SMALL_BYTES).read(_SMALL_BYTES)


def _next(
    tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo], name: str, at_most: int
) -> IO[bytes]:
    """The content of the next file, which must be ``name``."""
    member = next(members, None)
    content = tar.extractfile(member) if member and member.isreg() else None
    if member is None or content is None or member.name != name or member.size > at_most:
        raise tarfile.TarError(f"{name} is not where it should be")
    return content


def _take(content: IO[bytes], wheel: Wheel, into: Path | None) -> None:
    """Compare a wheel with what was signed; where ``into`` is given, write it there."""
    digest, size = hashlib.sha256(), 0
    target = (into / wheel.name).open("wb") if into else None
    try:
        while piece := content.read(_PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            if target:
                target.write(piece)
    finally:
        if target:
            target.close()
    if (size, digest.hexdigest()) != (wheel.size, wheel.sha256):
        raise tarfile.TarError(f"{wheel.name} is not as it was signed")
