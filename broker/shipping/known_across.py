"""Tells head office which phones the site knows, as keyed hashes, and hears who else knows them.

Only where the site's policy says so, and only of visitors who agreed to just this at the tablet.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from broker.choices.changes import rows_at
from broker.choices.rows import POLICY
from broker.journal.choices import changes_in
from broker.journal.entries import FILE_NAME, open_read_only
from broker.journal.known_phones import (
    MOST_PHONES,
    GroupKeys,
    KnownAnswer,
    KnownPart,
    KnownPhone,
    group_key_id,
    phone_hash,
)
from broker.shipping.membership import Membership
from broker.site_key.key import read_key
from broker.site_key.signing import is_signed
from broker.store.known_elsewhere import FILE_NAME as KNOWN_FILE
from broker.store.known_elsewhere import KnownAt, forget_known, write_known
from shared.clock import Clock
from shared.errors import OperatorError
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

TELL_EVERY_S = 3600.0
AGAIN_AFTER_S = 60.0
SWITCH = (POLICY, "known_across")
_AGREED = """
    select json_extract(body, '$.phone') as phone, min(checked_in_at) from check_ins
    where json_extract(body, '$.agrees_across') and json_extract(body, '$.phone') is not null
    group by phone
"""
_CUSTOMERS = "select phone, registration_id from registrations where phone is not null"


class Comparing(Protocol):
    """The head office."""

    def group_keys(self, site: str) -> GroupKeys:
        """The keys by which the site tells its phones."""

    def tell_phones(self, site: str, part: KnownPart) -> KnownAnswer:
        """Tell some of them; who else knows them."""


class KnownAcross:
    """One site's; ``step`` tells everything anew once an hour, so what was erased is forgotten."""

    def __init__(
        self, folder: Path, member: Membership, above: Comparing, site_key: Path, clock: Clock
    ) -> None:
        self._folder, self._member, self._above = folder, member, above
        self._site_key, self._clock = site_key, clock
        self._due_at_s = 0.0

    def step(self, at_s: float) -> None:
        """``at_s`` is monotonic. What fails now is tried again in a minute."""
        if at_s < self._due_at_s:
            return
        try:
            self._tell()
            self._due_at_s = at_s + TELL_EVERY_S
        except (OSError, OperatorError, sqlite3.OperationalError) as error:
            self._due_at_s = at_s + AGAIN_AFTER_S
            log.warning("phones are not compared: %s", error)

    def _tell(self) -> None:
        is_on = is_shared(self._folder, self._clock())
        if not is_on and not (self._folder / KNOWN_FILE).exists():
            return
        phones, customers = agreed(self._folder) if is_on else ({}, {})
        known = dict[str, dict[str, KnownAt]]()
        for key in self._keys():
            by_hash = {phone_hash(key, phone): phone for phone in phones}
            for answer in self._told(key, {each: phones[by_hash[each]] for each in by_hash}):
                for one in answer.known:
                    sites = known.setdefault(by_hash[one.hash], {})
                    at = KnownAt(one.site, one.since, one.is_company)
                    sites[one.site] = min(at, sites.get(one.site, at))
        found = {
            registration: tuple(sorted(known[phone].values()))
            for registration, phone in customers.items()
            if phone in known
        }
        if is_on:
            write_known(self._folder, found)
        else:
            forget_known(self._folder)

    def _told(self, key: str, days: Mapping[str, date]) -> Iterator[KnownAnswer]:
        run, key_id = secrets.randbelow(1 << 52) + 1, group_key_id(key)  # no clock: it may be set
        phones = [KnownPhone(*one) for one in days.items()]
        for first in range(0, len(phones), MOST_PHONES):
            part = tuple(phones[first : first + MOST_PHONES])
            asked = KnownPart(key_id=key_id, run=run, phones=part)
            yield self._above.tell_phones(self._member.site, asked)
        ends = KnownPart(key_id=key_id, run=run, is_last=True)
        yield self._above.tell_phones(self._member.site, ends)

    def _keys(self) -> Iterator[str]:
        for told in self._above.group_keys(self._member.site).keys:
            is_meant = told.site == self._member.site and bool(self._member.documents_key)
            if is_meant and is_signed(told.claim, told.signature, self._member.documents_key):
                yield read_key(self._site_key).opened(told.sealed)


def is_shared(folder: Path, at: datetime) -> bool:
    """Whether the site's policy lets phones be compared."""
    with closing(open_read_only(folder / FILE_NAME)) as db:
        return bool(rows_at(changes_in(db), at).get(SWITCH))


def agreed(folder: Path) -> tuple[dict[str, date], dict[str, str]]:
    """Phones whose owners agreed, each with the day; and their registrations."""
    with closing(open_read_only(folder / FILE_NAME)) as db:
        phones = {phone: datetime.fromisoformat(at).date() for phone, at in db.execute(_AGREED)}
        customers = {name: phone for phone, name in db.execute(_CUSTOMERS) if phone in phones}
    return phones, customers
