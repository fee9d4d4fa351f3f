"""Who was erased, as digests that lie beside the backups: a restored backup forgets them again.

A digest is keyed with the site's key, so nobody without it can try numbers out. A line is kept no
longer than a backup could still hold the person.
"""

import hashlib
import hmac
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broker.site_key.key import SiteKey, read_key
from shared.errors import OperatorError
from shared.replacing import replace_file

log = logging.getLogger(__name__)

FILE_NAME = "erased.list"
"""In the hub's folder; beside backups it begins with the site's name."""
KEPT = timedelta(days=400)
"""The oldest backup that is kept is a year and a month old."""
_PURPOSE = b"yingbin: who was erased"

Listed = Mapping[str, datetime]
"""When each was erased, the last time, by digest."""


class ErasedList:
    """The list beside the hub's file; ``key`` is the file of the site's key."""

    def __init__(self, path: Path, key: Path | None) -> None:
        self._path, self._key = path, key

    def note(self, words: Iterable[str], at: datetime) -> None:
        """Add the phones, plates and ids ``words`` of somebody who is erased now.

        A site without a key has no backups, and needs no list.
        """
        if (key := self.key()) is None:
            return
        lines = "".join(f"{_moment(at)} {digest(word, key)}\n" for word in sorted(words))
        self._path.touch(mode=0o600)
        with self._path.open("a", encoding="ascii") as file:
            file.write(lines)

    def key(self) -> SiteKey | None:
        """The site's key; None: there is none."""
        if self._key is None:
            return None
        try:
            return read_key(self._key)
        except (OperatorError, OSError) as error:
            log.warning("who is erased is not listed for the backups: %s", error)
            return None

    def read(self) -> Listed:
        """What it says."""
        return read_lists([self._path])


def digest(word: str, key: SiteKey) -> str:
    """How the list names a phone, a plate or an id."""
    own = hmac.new(key.text.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(own, word.encode(), hashlib.sha256).hexdigest()


def beside(folder: Path, site: str) -> Path:
    """The list of this site in a folder with backups."""
    return folder / f"{site}-{FILE_NAME}"


def read_lists(paths: Collection[Path]) -> Listed:
    """What these lists say together; a line that was torn, as by a power cut, is left out."""
    listed: dict[str, datetime] = {}
    for path in paths:
        for at, name in _lines(path):
            listed[name] = max(at, listed.get(name, at))
    return listed


def merge_into(target: Path, others: Collection[Path], at: datetime) -> None:
    """Let ``target`` say what ``others`` say, too, without what is older than ``KEPT``."""
    listed = read_lists([target, *others])
    if not listed:
        return
    young = sorted((moment, name) for name, moment in listed.items() if at - moment < KEPT)
    lines = (f"{_moment(moment)} {name}\n" for moment, name in young)
    replace_file(target, "".join(lines).encode())


def _lines(path: Path) -> Iterator[tuple[datetime, str]]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        try:
            moment, name = line.split(" ")
            yield datetime.fromisoformat(moment), name
        except ValueError:
            log.warning("%s: a line is left out", path)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
