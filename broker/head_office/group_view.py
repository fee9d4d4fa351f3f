"""What a reader sees of the group. Each query runs as the reader's role of the database, which
shows that role's tables and that reader's sites only: a slip in a query shows nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from broker.head_office.conduct import SiteConduct, added_up
from broker.head_office.day_counts import CHINA
from broker.head_office.readers import ROLES, OfficeReader
from broker.head_office.standing import standing
from broker.journal.public_chain import PublicEntry
from broker.journal.steps import STEP

MOST_AT_ONCE = 1000
"""Entries of a journal."""
MOST_A_DAY = 5000
"""Steps of a day; a busy one has about two thousand."""


@dataclass(frozen=True, slots=True)
class SeenSite:
    """A row of the list."""

    site: str
    version: str
    last_seen_at: datetime | None
    retired_at: datetime | None
    stored: int
    waiting: int
    epoch: int
    alarms: int
    arrivals: int
    """On the day that was asked for."""
    receptions: int
    backup_at: datetime | None
    reported_at: datetime | None
    """When the site told of its backup; None: it never did."""


@dataclass(frozen=True, slots=True)
class SiteAlarm:
    """A new epoch: from this entry on, so many of the one before stand no longer."""

    epoch: int
    from_seq: int
    superseded: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class SeenChannel:
    """Customers who were entered by this channel, and how many of them came."""

    channel: str
    entered: int
    received: int

    @property
    def share(self) -> int:
        """How many of a hundred came."""
        return round(100 * self.received / self.entered) if self.entered else 0


@dataclass(frozen=True, slots=True)
class SeenRefusal:
    """A document that the site's hub did not take."""

    name: str
    version: int
    problem: str
    told_at: datetime


class GroupView:
    """One reader's, over one connection."""

    def __init__(self, connection: psycopg.Connection, reader: OfficeReader) -> None:
        self._db = connection
        self._role, self._sites = ROLES[reader.role], ",".join(reader.sites)

    def sites(self, on: date) -> list[SeenSite]:
        """The reader's sites, those with alarms first, then who has been silent for longest."""
        rows = self._rows(
            "select * from (select"
            " site, version, last_seen_at, retired_at, stored_through, waiting, epoch,"
            " (select count(*) from site_alarm where site_alarm.site = site.site)"
            " + (select count(*) from document_refused as no where no.site = site.site) as alarms,"
            " (select coalesce(sum(count), 0) from site_day where site_day.site = site.site"
            "  and day = %s and what = 'arrivals'),"
            " (select coalesce(sum(count), 0) from site_day where site_day.site = site.site"
            "  and day = %s and what = 'receptions'), backup_at, reported_at"
            " from site) as listed order by retired_at is not null, alarms > 0 desc,"
            " last_seen_at nulls first, site",
            [on, on],
        )
        return [SeenSite(*row) for row in rows]

    def days(self, site: str, since: date) -> dict[date, dict[str, int]]:
        """What each day came to at the site, the latest first."""
        found = dict[date, dict[str, int]]()
        for day, what, count in self._rows(
            "select day, what, count from site_day where site = %s and day >= %s order by day desc",
            [site, since],
        ):
            found.setdefault(day, {})[what] = count
        return found

    def alarms(self, site: str) -> list[SiteAlarm]:
        """The site's, the latest first."""
        rows = self._rows(
            "select epoch, from_seq, superseded, told_at from site_alarm where site = %s"
            " order by epoch desc",
            [site],
        )
        return [SiteAlarm(*row) for row in rows]

    def refusals(self, site: str) -> list[SeenRefusal]:
        """What the site does not take of what was published, the latest first."""
        rows = self._rows(
            "select name, version, problem, told_at from document_refused where site = %s"
            " order by number desc",
            [site],
        )
        return [SeenRefusal(*row) for row in rows]

    def channels(self, site: str) -> list[SeenChannel]:
        """What each channel brought the site in the last thirty days, the largest first."""
        rows = self._rows(
            "select channel, entered, received from site_channel where site = %s"
            " order by entered desc, channel",
            [site],
        )
        return [SeenChannel(*row) for row in rows]

    def conduct(self, first: date, last: date) -> list[SiteConduct]:
        """How the days of the reader's sites went, side by side."""
        return added_up(
            self._rows(
                "select site, what, sum(count)::bigint from site_conduct"
                " where day between %s and %s group by site, what",
                [first, last],
            )
        )

    def knows(self, site: str) -> bool:
        """Whether it is one of the reader's."""
        return bool(self._rows("select 1 from site where site = %s", [site]))

    def journal(self, site: str, after: int) -> list[PublicEntry]:
        """The site's journal as it stands, behind the entry ``after``.

        Raises:
            InsufficientPrivilege: the reader's role sees no journal.
        """
        asked = standing("entry.seq > %s and entry.seq <= %s")
        rows = self._rows(asked, [site, after, after + MOST_AT_ONCE])
        return [PublicEntry(*row) for row in rows]

    def steps(self, site: str, day: date) -> list[PublicEntry]:
        """The steps of a day at the site, as its journal stands.

        Raises:
            InsufficientPrivilege: the reader's role sees no journal.
        """
        begins = datetime.combine(day, time(), CHINA).astimezone(UTC)
        ends = begins + timedelta(days=1)
        asked = standing("month = any (%s) and at >= %s and at < %s and kind = %s")
        rows = self._rows(
            f"{asked} limit %s",
            [
                *(site, [begins.date().replace(day=1), ends.date().replace(day=1)]),
                *(begins.isoformat(), ends.isoformat(), STEP, MOST_A_DAY),
            ],
        )
        return [PublicEntry(*row) for row in rows]

    def _rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._db.transaction():
            self._db.execute(SQL("set local role {}").format(Identifier(self._role)))
            self._db.execute("select set_config('yingbin.sites', %s, true)", [self._sites])
            return self._db.execute(sql.encode(), values).fetchall()
