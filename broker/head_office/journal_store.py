"""The sites' journals in PostgreSQL. No state in the process: any instance answers any site."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

import psycopg

from broker.head_office.day_counts import DayCount, day_counts
from broker.head_office.pg_schema import add_month
from broker.head_office.site_store import RefusedError, digest_of
from broker.head_office.standing import standing
from broker.head_office.taking import StoredLine, Taken, check, take
from broker.journal.public_chain import PublicEntry
from broker.journal.shipment import Shipment

WITHOUT_MONTH = "0001-01-01"
"""Of entries that tell no moment, or one at which no site can have been."""
_READ_AT_ONCE = 5000
_FIRST_MONTH = "2020-01-01"
_COLUMNS = ("seq", "at", "kind", "subject_id", "form", "public", "sealed", "previous", "hash")
_KNOWN = """
    select public_key, epoch, stored_through, hash, form from site
    where site = %s and token_hash = %s
"""
_STORE = """
    with line as (
        update site set epoch = %(epoch)s, stored_through = %(through)s, hash = %(hash)s,
            form = %(form)s, waiting = %(waiting)s, version = %(version)s, last_seen_at = %(at)s
        where site = %(site)s and token_hash = %(token)s and epoch = %(was_epoch)s
            and stored_through = %(was_through)s and hash = %(was_hash)s
        returning site
    ), alarm as (
        insert into site_alarm (site, epoch, from_seq, superseded)
        select site, %(epoch)s, %(from_seq)s, %(superseded)s::bigint from line
        where %(superseded)s::bigint is not null
    ), new as (
        insert into entry
            (site, epoch, month, seq, at, kind, subject, form, public, sealed, previous, hash)
        select line.site, %(epoch)s, one.* from line, unnest(%(months)s::date[],
            %(seqs)s::bigint[], %(ats)s::text[], %(kinds)s::text[], %(subjects)s::text[],
            %(forms)s::smallint[], %(publics)s::text[], %(sealeds)s::text[],
            %(previouses)s::text[], %(hashes)s::text[]) as one
        on conflict do nothing
    ), counted as (
        insert into site_day (site, day, what, count)
        select line.site, one.*
        from line, unnest(%(days)s::date[], %(whats)s::text[], %(counts)s::bigint[]) as one
        on conflict (site, day, what) do update set count = site_day.count + excluded.count
    )
    select count(*) from line
"""
"""One statement is one transaction and one way there and back. It changes nothing where the line
is no longer what it was when the batch was held against it: then another instance was faster."""
_STANDS = standing("entry.seq >= %s")
_ARRAYS = (
    *("seqs", "ats", "kinds", "subjects", "forms"),
    *("publics", "sealeds", "previouses", "hashes"),
)
"""What the statement calls the columns, in their order."""


class ForkError(Exception):
    """The batch does not continue what is stored: ``line``."""

    def __init__(self, line: StoredLine) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch, and who brings it when."""

    site: str
    token: bytes
    batch: Shipment
    at: datetime


class JournalStore:
    """Over one connection that commits by itself, and belongs to one thread."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection
        self._months = {WITHOUT_MONTH}

    def store(
        self, site: str, token: str, read: Callable[[], Shipment], at: datetime
    ) -> StoredLine:
        """Store what is new of the batch; how far the journal is stored, after the commit.

        ``read``: the batch, which is not looked at before the token is known to be good.

        Raises:
            RefusedError, BatchError, ForkError: nothing is stored.
        """
        public_key, line = self._known(site, digest_of(token))
        asked = _Asked(site, digest_of(token), batch := read(), at)
        entries = check(site, batch, public_key)
        while True:
            taken = take(line, batch, entries, lambda seq: self._hash_at(site, seq))
            if taken is None and entries:
                raise ForkError(line)
            taken = taken or Taken(line, ())
            if self._write(asked, line, taken):
                return taken.line
            _, line = self._known(asked.site, asked.token)

    def hash_at(self, site: str, token: str, seq: int) -> str | None:
        """The hash that is stored of an entry of the journal as it stands; None: there is none."""
        self._known(site, digest_of(token))
        return self._hash_at(site, seq)

    def recount(self, site: str) -> None:
        """Count the site's days anew, from its journal as it stands."""
        with self._db.transaction():
            self._db.execute("select 1 from site where site = %s for update", [site])
            self._db.execute("delete from site_day where site = %s", [site])
            with self._db.cursor("journal") as stands:  # a cursor there: it may be millions
                stands.itersize = _READ_AT_ONCE
                stands.execute(_STANDS, [site, 1])
                counts = day_counts(PublicEntry(*row) for row in stands)
            self._db.execute(
                "insert into site_day (site, day, what, count)"
                " select %s, * from unnest(%s::date[], %s::text[], %s::bigint[])",
                [site, *_columns_of(counts)],
            )

    def _known(self, site: str, token: bytes) -> tuple[str, StoredLine]:
        """The site's public key, and how far its journal is stored."""
        found = self._db.execute(_KNOWN, [site, token]).fetchone()
        if found is None:
            raise RefusedError
        public_key, *line = found
        return public_key, StoredLine(*line)

    def _hash_at(self, site: str, seq: int) -> str | None:
        found = self._db.execute(
            "select entry.hash from entry join site using (site) where site = %s and seq = %s"
            " and seq <= stored_through order by entry.epoch desc limit 1",
            [site, seq],
        ).fetchone()
        return found[0] if found else None

    def _write(self, asked: _Asked, was: StoredLine, taken: Taken) -> bool:
        """Write entries and line together; False: the line is another by now."""
        batch, line = asked.batch, taken.line
        months = [_month(entry.at, asked.at) for entry in taken.entries]
        for month in {*months} - self._months:
            add_month(self._db, month)
            self._months.add(month)
        rows = map(attrgetter(*_COLUMNS), taken.entries)
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _ARRAYS]
        days, whats, counts = _columns_of(self._counts(asked, taken))
        written = self._db.execute(
            _STORE,
            {
                "site": asked.site,
                "token": asked.token,
                "at": asked.at,
                "epoch": line.epoch,
                "through": line.stored_through,
                "hash": line.hash,
                "form": line.form,
                "was_epoch": was.epoch,
                "was_through": was.stored_through,
                "was_hash": was.hash,
                "waiting": batch.waiting,
                "version": batch.version,
                "from_seq": batch.from_seq,
                "superseded": taken.superseded,
                "months": months,
                **dict(zip(_ARRAYS, columns, strict=True)),
                "days": days,
                "whats": whats,
                "counts": counts,
            },
        ).fetchone()
        return written == (1,)

    def _counts(self, asked: _Asked, taken: Taken) -> Counter[DayCount]:
        """What the days gain; an entry that a restore left behind counts no longer."""
        superseded = list[PublicEntry]()
        if taken.superseded:
            rows = self._db.execute(_STANDS, [asked.site, asked.batch.from_seq])
            superseded = [PublicEntry(*row) for row in rows]
        return day_counts(taken.entries, instead_of=superseded)


def _columns_of(counts: Counter[DayCount]) -> tuple[list[str], list[str], list[int]]:
    """Days, what is counted, and how often; in one order, so that nobody waits in a circle."""
    rows = sorted((day, what, count) for (day, what), count in counts.items() if count)
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _month(told: str, at: datetime) -> str:
    """The month in which an entry is kept: its own, as long as the site's clock can be believed."""
    try:
        month = date.fromisoformat(told[:10]).replace(day=1).isoformat()
    except ValueError:
        return WITHOUT_MONTH
    latest = (at + timedelta(days=40)).date().isoformat()
    return month if _FIRST_MONTH <= month <= latest else WITHOUT_MONTH
