"""The hub's nightly job: erases what the site has kept for long enough, a little at a time."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace
from sqlite_utils import Database

from broker.decider import Decider
from broker.journal.chain import RETENTION
from broker.journal.entries import Journal
from broker.personal.erasure import Eraser
from broker.personal.lapsed import Lapsing, is_needed
from broker.personal.old_rows import NAMED, NamedEntries, delete_old
from broker.personal.sweep import TextMerge, is_log_emptied, write_anew
from broker.store.last_erasing import LastErasing, last_erasing, note_erasing
from shared.clock import Stopwatch
from shared.disk import MB, SHORT_MB, free_mb
from shared.file_check import file_of
from shared.old_copies import delete_old_copies

log = logging.getLogger(__name__)

NIGHT = range(1, 5)
"""The hours, in site time, in which nobody waits."""
OFTEN, AT_LEAST = timedelta(hours=20), timedelta(hours=44)
"""How long ago the last time was; and by day, where the machine is off at night."""
LEAP = timedelta(days=7)
"""After so long a night is let pass: was the machine off, or is its clock wrong by a year?"""
TURN_S, NIGHT_S = 0.02, 600.0
"""How long a turn of the hub's loop may take for it, and all turns of a night: a message that comes
meanwhile waits no longer than for another message. What is left over waits for the next night."""
WRITTEN_EVERY, SOON_WRITTEN_MB = timedelta(days=7), 50
"""A file of fifty megabytes is written anew in a second, which may be by day too."""


class NightlyErasing:
    """Erases in the hub's open file, in the caller's transaction. Belongs to the hub's thread."""

    def __init__(
        self,
        db: Database,
        journal: Journal,
        decider: Decider,
        stopwatch: Stopwatch = time.monotonic,
        *,
        settings: Path | None = None,
    ) -> None:
        """``settings``: the folder of the site's, where a restore leaves copies too."""
        self._db, self._journal, self._decider = db, journal, decider
        self._stopwatch, self._settings = stopwatch, settings
        self._eraser = Eraser(db, journal, decider)
        self._merge = TextMerge()
        self._work: Iterator[None] | None = None
        self._erased, self._read_to = Counter[str](), dict[str, int]()
        self._spent_s = 0.0
        self._last: LastErasing | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being erased just now."""
        return self._work is None and (self.last is None or self.last.is_swept)

    @property
    def last(self) -> LastErasing | None:
        """What was done last; None: nothing yet."""
        if self._last is None:
            self._last = last_erasing(self._db)
        return self._last

    def step(self, moment: datetime) -> None:
        """Do a little, if it is night."""
        if self._work is None:
            if not self._is_due(moment):
                return
            self._begin(moment)
        begun_s = self._stopwatch()
        try:
            is_over = self._go_on(moment, begun_s + TURN_S)
        except BaseException:
            self._work = self._last = None  # the transaction fails, so it begins anew
            raise
        self._spent_s += self._stopwatch() - begun_s
        if is_over or self._spent_s > NIGHT_S:
            self._end(moment, is_complete=is_over)

    def sweep(self) -> None:
        """Clean the disk of what a night deleted, a little a turn. Call after the commit.

        The file's unused places are overwritten as rows are deleted; what SQLite may have left in
        half-used pages goes when the file is written anew, once a week.
        """
        last, db = self.last, self._db
        if last is None or last.is_swept or db.conn.in_transaction or not self._merge.is_done(db):
            return
        written_at = last.written_anew_at
        if self._may_write_anew(last):
            write_anew(db)
            written_at = last.at
        if is_log_emptied(db):
            with db.atomic():
                self._note(replace(last, is_swept=True, written_anew_at=written_at))

    def _may_write_anew(self, last: LastErasing) -> bool:
        """Whether it is time, nobody waits for the hub, and the disk has room for a second file."""
        if last.written_anew_at is not None and last.at - last.written_anew_at < WRITTEN_EVERY:
            return False
        path = file_of(self._db.conn)
        if path is None:
            return False
        mb = path.stat().st_size // MB
        is_night = self._decider.policy.local(last.at).hour in NIGHT
        return (is_night or mb < SOON_WRITTEN_MB) and free_mb(path.parent) > 3 * mb + SHORT_MB

    def _is_due(self, moment: datetime) -> bool:
        last = self.last
        if last is None:  # a new file, or one of before this release: the coming night will do
            self._note(LastErasing(at=moment))
            return False
        ago = moment - last.at
        if ago > LEAP:
            self._note(replace(last, at=moment))
            return False
        is_night = self._decider.policy.local(moment).hour in NIGHT
        return ago < timedelta() or ago > (OFTEN if is_night else AT_LEAST)

    def _begin(self, moment: datetime) -> None:
        last = self.last
        self._read_to = dict(last.read_to) if last else {}
        self._erased, self._spent_s = Counter(), 0.0
        self._work = self._all_of_it(moment)

    def _go_on(self, moment: datetime, until_s: float) -> bool:
        """Whether nothing is left to be done."""
        assert self._work is not None
        while self._stopwatch() < until_s:
            try:
                next(self._work)
            except StopIteration:
                return True
        return False

    def _all_of_it(self, at: datetime) -> Iterator[None]:
        policy = self._decider.policy
        for kind, count in delete_old(self._db, policy.retention, at):
            self._erased[kind] += count
            yield
        for person in Lapsing(self._db, policy, at).people():
            if person and not is_needed(self._decider.state, person.dossier):
                self._eraser.erase([person.dossier], RETENTION, at)
                self._erased[person.kind] += 1
            yield
        for kind in NAMED:
            yield from self._names(kind, at)
        before = policy.retention.before("copies", at)
        for folder in self._folders():
            self._erased["copies"] += delete_old_copies(folder, before)

    def _folders(self) -> Iterator[Path]:
        if path := file_of(self._db.conn):
            yield path.parent
        if self._settings is not None:
            yield from (self._settings, self._settings / "as_written")

    def _names(self, kind: str, at: datetime) -> Iterator[None]:
        named = NamedEntries(self._db, self._journal)
        before = self._decider.policy.retention.before(kind, at)
        for seq, seqs in named.old(kind, self._read_to.get(kind, 0), before):
            self._eraser.hide_names(seqs, RETENTION, at)
            self._read_to[kind] = seq
            yield

    def _end(self, moment: datetime, *, is_complete: bool) -> None:
        self._work = None
        erased = {kind: count for kind, count in self._erased.items() if count}
        last = self.last or LastErasing(at=moment)
        done = replace(
            last,
            at=moment,
            erased=erased,
            is_complete=is_complete,
            read_to=self._read_to,
            is_swept=last.is_swept and not erased,
        )
        self._note(done)
        if erased or not is_complete:
            told = {"erased": erased, "is_complete": is_complete}
            self._journal.append(RETENTION, "", msgspec.json.encode(told), moment)
        log.info("kept long enough and erased: %s; all of it: %s", erased, is_complete)

    def _note(self, done: LastErasing) -> None:
        self._last = done
        note_erasing(self._db, done)
