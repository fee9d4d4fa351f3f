"""The backups in a folder: their names, and which are kept as they grow old."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

SUFFIX = ".yingbin-backup"
KEPT = (("%Y%m%d%H", 24), ("%Y%m%d", 14), ("%Y%m", 12))
"""The newest of an hour, a day, a month (UTC), and of how many of them."""
_FORM = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(rf"(?P<site>.+)-(?P<at>\d{{8}}T\d{{6}}Z){re.escape(SUFFIX)}")


def name_of(site: str, at: datetime) -> str:
    """The file name of the site's backup of this moment."""
    return f"{site}-{at.astimezone(UTC):{_FORM}}{SUFFIX}"


def backups_in(folder: Path, site: str) -> dict[datetime, Path]:
    """The site's backups in ``folder``, oldest first; other files are not looked at."""
    found = {}
    for path in folder.iterdir():
        name = _NAME.fullmatch(path.name)
        if name and name["site"] == site:
            found[datetime.strptime(name["at"], _FORM).replace(tzinfo=UTC)] = path
    return dict(sorted(found.items()))


def superseded(moments: Iterable[datetime]) -> set[datetime]:
    """The backups that newer ones make needless: see ``KEPT``."""
    newest_first = sorted(moments, reverse=True)
    kept: set[datetime] = set()
    for form, count in KEPT:
        newest: dict[str, datetime] = {}
        for moment in newest_first:
            newest.setdefault(f"{moment:{form}}", moment)
        kept.update(list(newest.values())[:count])
    return set(newest_first) - kept


def thin_out(folder: Path, site: str, only: int | None = None) -> None:
    """Delete the site's backups in ``folder`` that are no longer needed.

    ``only``: the newest so many are; None: those of ``KEPT``.
    """
    found = backups_in(folder, site)
    for moment in superseded(found) if only is None else list(found)[:-only]:
        found[moment].unlink(missing_ok=True)
