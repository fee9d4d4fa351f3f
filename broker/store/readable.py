"""Reads what the hub keeps as JSON; a row that cannot be read stops no page and no alert."""

import logging
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

log = logging.getLogger(__name__)

S = TypeVar("S", bound=msgspec.Struct)


def readable(kind: type[S], bodies: Iterable[str]) -> Iterator[S]:
    """What ``bodies`` hold; one that is damaged, or too large for this release, is left out."""
    for body in bodies:
        try:
            yield msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            log.warning("a row of the hub's file with a %s is left out: %s", kind.__name__, error)
