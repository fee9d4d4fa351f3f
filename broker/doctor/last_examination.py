"""The last examination's results, kept beside the hub's file: the page shows them between two.

In words of every language: a finding's values are whatever its sentence needs.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from broker.doctor.examination import QUICK, Result
from broker.doctor.said import said
from broker.health.site_figures import Condition
from shared.replacing import replace_file
from shared.words import LANGUAGES

log = logging.getLogger(__name__)

FILE_NAME = "examined.json"


class KeptFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in all languages, by their tags."""

    condition: Condition
    what: Mapping[str, str]
    do: Mapping[str, str]


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """An examination: by check what it found; None: it could not be made."""

    at: datetime
    found: Mapping[str, tuple[KeptFinding, ...] | None]


def keep(folder: Path, results: Iterable[Result], at: datetime) -> None:
    """Write the results into the hub's ``folder``, if we may; not those that a page makes anew."""
    quick = {check.name for check in QUICK}
    kept = {result.name: _kept(result) for result in results if result.name not in quick}
    examined = Examined(at=at, found=kept)
    try:
        replace_file(folder / FILE_NAME, msgspec.json.encode(examined))
    except OSError as error:
        log.debug("%s: the examination is not kept (%s)", folder, error)


def last_examination(folder: Path) -> Examined | None:
    """The last one of the site whose hub's folder this is; None: none can be read."""
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Examined)
    except (OSError, msgspec.DecodeError):
        return None


def _kept(result: Result) -> tuple[KeptFinding, ...] | None:
    if result.found is None:
        return None
    told = [{tag: said(finding, tag) for tag in LANGUAGES} for finding in result.found]
    return tuple(
        KeptFinding(
            condition=finding.condition,
            what={tag: each.what for tag, each in by_tag.items()},
            do={tag: each.do for tag, each in by_tag.items()},
        )
        for finding, by_tag in zip(result.found, told, strict=True)
    )
