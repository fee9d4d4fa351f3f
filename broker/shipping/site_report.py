"""What head office hears of a site beside its journal: its backup's age, its channels, its days."""

import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from broker.journal.entries import FILE_NAME, open_read_only
from broker.journal.shipment import (
    CHANNELS,
    MOST_REFUSED,
    OTHER_CHANNEL,
    Channel,
    ChannelCount,
    RefusedDocument,
    SiteReport,
)
from broker.local.local_socket import ask_figures
from broker.shipping.day_conduct import finished_days
from broker.store.moments import utc_text
from shared.clock import Clock
from shared.errors import OperatorError
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

REPORT_EVERY_S = 3600.0
AGAIN_AFTER_S = 60.0
COUNTED_FOR = timedelta(days=30)
_ENTERED = "select channel, is_unreceived from registrations where registered_at >= ?"


class HearsOfSites(Protocol):
    """The head office."""

    def report(self, site: str, report: SiteReport) -> None:
        """Tell it."""


class Reporter:
    """One site's; ``step`` tells once an hour what is so just then."""

    def __init__(
        self,
        folder: Path,
        site: str,
        above: HearsOfSites,
        clock: Clock,
        refused: Mapping[int, RefusedDocument] = MappingProxyType({}),
    ) -> None:
        """``refused``: the documents that the hub did not take, as they are at each moment."""
        self._folder, self._site, self._above, self._clock = folder, site, above, clock
        self._refused, self._seen_refused = refused, tuple[RefusedDocument, ...]()
        self._due_at_s = 0.0
        self._told: date | None = None
        """The last day whose conduct head office knows."""

    def step(self, at_s: float) -> None:
        """Tell what is due at ``at_s``, which is monotonic: a refusal at once.

        What fails now is tried again in a minute.
        """
        refused = tuple(self._refused.values())
        if refused != self._seen_refused:
            self._seen_refused, self._due_at_s = refused, at_s
        if at_s < self._due_at_s:
            return
        try:
            report = SiteReport(
                backup_at=backup_at(self._folder),
                channels=channels_in(self._folder, self._clock()),
                days=finished_days(self._folder, self._told, self._clock),
                refused=refused[-MOST_REFUSED:],
            )
            self._above.report(self._site, report)
            self._told = max((one.day for one in report.days), default=self._told)
            self._due_at_s = at_s + REPORT_EVERY_S
        except (OSError, sqlite3.OperationalError) as error:
            self._due_at_s = at_s + AGAIN_AFTER_S
            log.warning("the site is not reported: %s", error)


def backup_at(folder: Path) -> datetime | None:
    """When the newest backup was made, as the running hub says; None: there is none, or no hub."""
    try:
        figures = ask_figures(folder)
    except OperatorError:
        return None
    return figures.backup_at if figures else None


def channels_in(folder: Path, at: datetime) -> tuple[ChannelCount, ...]:
    """How many customers each channel brought of late, and how many of them came."""
    entered, received = Counter[Channel](), Counter[Channel]()
    with closing(open_read_only(folder / FILE_NAME)) as db:
        for told, is_unreceived in db.execute(_ENTERED, [utc_text(at - COUNTED_FOR)]):
            channel = CHANNELS.get(told or None, OTHER_CHANNEL)
            entered[channel] += 1
            received[channel] += not is_unreceived
    return tuple(
        ChannelCount(channel, entered[channel], received[channel]) for channel in sorted(entered)
    )
