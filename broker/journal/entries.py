"""The journal (流水): what happened, in order, append-only, in the hub's file."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import astuple, replace
from sqlite_utils import Database

from broker.journal import mentions
from broker.journal.chain import Entry, Head, Redacted, Written, next_entry
from broker.journal.epochs import EPOCH
from broker.journal.hub_file import later, when_forgetting
from broker.journal.public_part import without_sealed
from shared.replacing import flush
from shared.sealed_file import connect, sqlite3

FILE_NAME = "hub.sqlite3"
HEADS_NAME = "journal.heads"
"""The hub's file, and beside it the notes of the journal's end."""

_COLUMNS = Entry.__struct_fields__
_ENTRIES = f"select {', '.join(_COLUMNS)} from journal"
_APPEND = f"insert into journal ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})"
_SALT_BYTES = 16


class Heads:
    """Where the journal ended, noted in a file beside the hub's: a line for each run and day.

    Without it nobody could see that the last entries were cut off. A line is written after the
    commit, so it is never ahead of the journal; lines of earlier runs are never touched.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written_on: str | None = None

    def note(self, head: Head) -> None:
        """Keep ``head`` in place of the note that this run made earlier on the same day."""
        line = f"{head.on} {head.seq:012d} {head.hash}\n".encode()
        if is_new := not self._path.exists():
            self._path.touch(mode=0o600)
        with self._path.open("r+b") as file:
            end = file.seek(0, 2)
            whole = end - end % len(line)  # a line torn by a power cut is overwritten
            is_again = whole > 0 and self._written_on == head.on
            file.seek(whole - len(line) if is_again else whole)
            file.write(line)
        if is_new:  # a journal without it would look as if its end was cut off
            flush(self._path)
            flush(self._path.parent)
        self._written_on = head.on


def read_heads(path: Path) -> list[Head]:
    """The notes in the file; an unreadable line becomes a head that fits no entry."""
    heads = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        on, seq, digest = [*line.split(" "), "", ""][:3]
        heads.append(Head(int(seq) if seq.isdecimal() else 0, digest, on))
    return heads


class Journal:
    """Writes entries into the hub's file, inside the caller's transaction.

    Nobody else writes there meanwhile, so where it ends is known without reading it.
    """

    def __init__(self, db: Database, heads: Heads | None = None) -> None:
        self._db, self._heads = db, heads
        self._is_sealed = True
        self._head: Head | None = None
        self._is_head_known = False
        when_forgetting(db, self._forget)

    def append(self, kind: str, subject_id: str, body: bytes, at: datetime) -> int:
        """Note what (JSON ``body``) happened to ``subject_id``; returns the entry's number."""
        written = Written(at.isoformat(), kind, subject_id, body.decode())
        decoded = msgspec.json.decode(body)
        named = mentions.mentioned_in(decoded, written.body)
        salt, public = secrets.token_hex(_SALT_BYTES), without_sealed(decoded)
        entry = next_entry(self.head(), written, salt, public)
        self._head = Head(entry.seq, entry.hash, entry.at[:10])
        later(self._db, "journal", _APPEND, {entry.seq: astuple(entry)})
        mentions.note(self._db, entry.seq, named)
        self._is_sealed = False
        return entry.seq

    def _forget(self) -> None:
        self._is_head_known = False

    def redact(self, seq: int, body: str) -> Redacted:
        """Replace the body of entry ``seq`` by ``body``; it keeps its hash and loses its salt.

        Both must have the same public part. It passes ``verify`` once an entry of the kind
        ``ERASED`` names what is returned.
        """
        was = self.read(seq)
        sealed = was.sealed_digest if was.form else ""
        left = replace(was, body=body, salt="", sealed=sealed)
        self._db.conn.execute(
            "update journal set body = ?, salt = '', sealed = ? where seq = ?", [body, sealed, seq]
        )
        mentions.forget(self._db, seq, mentions.mentioned(was.body) - mentions.mentioned(body))
        return Redacted(seq=seq, digest=left.left)

    def read(self, seq: int) -> Entry:
        """Entry ``seq``, which must exist."""
        return Entry(*self._db.conn.execute(f"{_ENTRIES} where seq = ?", [seq]).fetchone())

    def head(self) -> Head | None:
        """Where the journal ends now; None if it is empty."""
        if not self._is_head_known:
            self._head, self._is_head_known = self._read_head(), True
        return self._head

    def _read_head(self) -> Head | None:
        """Where the journal ends in the file; None if it is empty."""
        found = self._db.conn.execute(
            "select seq, hash, at from journal order by seq desc limit 1"
        ).fetchone()
        return Head(found[0], found[1], found[2][:10]) if found else None

    def is_torn_at(self, moment: datetime, hole: timedelta) -> bool:
        """Whether ``moment`` falls into a ``hole`` of the journal,.

        What was entered after the hole was then told by a clock that was wrong.
        """
        text = moment.astimezone(UTC).isoformat()
        before = self._db.conn.execute(
            "select seq, at from journal where at <= ? order by seq desc limit 1", [text]
        ).fetchone()
        if before is None:
            return False
        behind = self._db.conn.execute("select at from journal where seq = ?", [before[0] + 1])
        next_at = behind.fetchone()
        was_at = datetime.fromisoformat(before[1])
        is_near = moment - was_at < hole
        return bool(next_at) and is_near and datetime.fromisoformat(next_at[0]) - was_at > hole

    def seal(self) -> None:
        """Note the end beside the file; call it after the commit."""
        if self._is_sealed:
            return
        if self._heads is not None and (head := self.head()) is not None:
            self._heads.note(head)
        self._is_sealed = True


def last_moment(folder: Path) -> datetime | None:
    """The last moment that the journal in ``folder`` tells; None: there is none.

    A restore enters what the machine's clock shows, which may be too early. Where the file is
    damaged or gone, the notes beside it tell the day.
    """
    last = "select at from journal {} order by seq desc limit 1"
    try:
        with closing(open_read_only(folder / FILE_NAME)) as db:
            of_any, of_the_hub = (last.format(kinds) for kinds in ("", f"where kind != '{EPOCH}'"))
            found = [*db.execute(of_any), *db.execute(of_the_hub)]
        if found:
            return max(datetime.fromisoformat(at) for (at,) in found)
    except (sqlite3.Error, UnicodeError, ValueError):
        pass  # opening the file tells what is wrong with it
    notes = folder / HEADS_NAME
    heads = read_heads(notes) if notes.exists() else []
    try:
        return datetime.fromisoformat(heads[-1].on).replace(tzinfo=UTC) if heads else None
    except ValueError:
        return None


def entries(db: sqlite3.Connection, *, after: int = 0, kind: str | None = None) -> Iterator[Entry]:
    """Every entry (of this ``kind``) after number ``after``, in order, byte for byte.

    A copy of an older release's file lacks the last columns.
    """
    only, values = ("and kind = ?", [after, kind]) if kind else ("", [after])
    known = {name for _, name, *_ in db.execute("pragma table_info(journal)")}
    columns = ", ".join(name for name in _COLUMNS if name in known)
    sql = f"select {columns} from journal where seq > ? {only} order by seq"
    for row in db.execute(sql, values):
        yield Entry(*row)


def seq_of(db: sqlite3.Connection, digest: str) -> int | None:
    """The number of the entry with this hash; searches the whole journal."""
    if not str(digest).isascii():  # damaged: SQLite refuses such text
        return None
    found = db.execute("select seq from journal where hash = ? limit 1", [digest]).fetchone()
    return int(found[0]) if found else None


def open_read_only(path: Path) -> sqlite3.Connection:
    """The hub's file as it is on the disk, even while a hub works on it.

    Text that is no longer UTF-8 is read too, so that damage cannot stop the check.
    """
    connection = connect(path, "ro")
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return connection
