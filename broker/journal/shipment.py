"""What a hub sends its head office of the journal, and what is answered."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from broker.journal.chain import FIRST_HASH
from broker.journal.erasures import ErasureOrder
from broker.journal.public_chain import PublicEntry

MOST_ENTRIES = 100
"""In one batch."""
BACKLOG_HEADER = "Yingbin-Backlog"
"""Of a request whose batch has more behind it, so that it is known before anything is unpacked."""
_Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Text = Annotated[str, Meta(max_length=1 << 16, pattern=r"^[^\x00\n]*\Z")]
_Number = Annotated[int, Meta(ge=1, lt=1 << 53)]
DocumentId = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,32}\Z")]


class ShippedBody(msgspec.Struct, frozen=True, kw_only=True):
    """An entry's body as it leaves the house: its public part, and the digest of the sealed one."""

    form: Annotated[int, Meta(ge=0, lt=1 << 15)] = 0
    public: Annotated[str, Meta(max_length=1 << 20, pattern=r"^[^\x00]*\Z")] = ""
    sealed: _Text = ""


class ShippedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry; of the form 0, from before release 0.5, only number and hash leave the house."""

    seq: _Number
    hash: _Hash
    kind: _Text = ""
    subject: _Text = ""
    at: _Text = ""
    body: ShippedBody = ShippedBody()


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """A batch: entries that follow each other, and the signed head of the last one."""

    epoch: Annotated[int, Meta(ge=1, lt=1 << 31)]
    from_seq: _Number
    previous: _Hash = FIRST_HASH
    """The hash of the entry before the first."""
    entries: Annotated[tuple[ShippedEntry, ...], Meta(max_length=MOST_ENTRIES)] = ()
    head: str = ""
    backlog: bool = False
    """Whether more waits at the site than this batch: whoever has nothing waiting goes first."""
    waiting: Annotated[int, Meta(ge=0, lt=1 << 53)] = 0
    """How many entries wait at the site behind this batch."""
    version: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*\Z")] = ""
    """The site's release."""


class StoredThrough(msgspec.Struct, frozen=True, kw_only=True):
    """How far head office has the journal: told after its commit, and with every refusal."""

    epoch: int
    stored_through: int
    hash: str = FIRST_HASH


class HashAt(msgspec.Struct, frozen=True, kw_only=True):
    """The hash that head office has of one entry; None: it has none."""

    seq: int
    hash: str | None


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What a site says to join."""

    code: str
    public_key: str
    recipient: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*\Z")] = ""
    """The public half of the site's key: what is only for this site is encrypted for it."""
    version: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*\Z")] = ""


class JoinedSite(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: what the site is called above, and its token."""

    site: str
    token: str
    documents_key: str = ""
    """Head office's public key: documents from above are signed with it."""


class GroupDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What head office says to a site: rows of its choices, signed, from a moment on."""

    number: Annotated[int, Meta(ge=1, lt=1 << 53)]
    """The place in all that was published."""
    name: DocumentId
    version: Annotated[int, Meta(ge=1, lt=1 << 31)]
    """A later version by this name replaces all that an earlier one said."""
    valid_from: Annotated[datetime, Meta(tz=True)]
    site: Annotated[str, Meta(max_length=64)] = ""
    """For which; empty: for all."""
    binding: dict[str, dict[str, Any]] = {}
    """Rows by section that hold at the site, whatever it chose."""
    default: dict[str, dict[str, Any]] = {}
    """Rows that hold where the site chose nothing."""
    key_id: Annotated[str, Meta(max_length=64)] = ""
    signature: Annotated[str, Meta(max_length=200)] = ""

    @property
    def claim(self) -> str:
        """What is signed: the JSON of all but the signature, names sorted, without spaces."""
        plain = msgspec.to_builtins(self)
        del plain["signature"]
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """Those of a site behind the number that it asked for."""

    documents: tuple[GroupDocument, ...] = ()
    erasures: tuple[ErasureOrder, ...] = ()
    """Who shall be erased, until the site's journal says that it heard so."""


Channel = Literal["walk_in", "phone", "sms", "wechat", "referral", "agency", "other"]


class ChannelCount(msgspec.Struct, frozen=True):
    """How many customers a channel brought, and how many of them came."""

    channel: Channel
    entered: Annotated[int, Meta(ge=0, lt=1 << 31)]
    received: Annotated[int, Meta(ge=0, lt=1 << 31)]


CHANNELS: dict[str | None, Channel] = {
    None: "walk_in",
    "walk_in": "walk_in",
    "phone": "phone",
    "sms": "sms",
    "wechat": "wechat",
    "referral": "referral",
    "agency": "agency",
}
"""What a page offers, and what holds where nothing was chosen. Anything else may name somebody."""
OTHER_CHANNEL: Channel = "other"


SPANS_S = (15, 30, 60, 120, 180, 300, 600)
"""The bounds by which waits and answers are counted, in seconds; the last group is longer."""
Some = Annotated[int, Meta(ge=0, lt=1 << 31)]
Spans = Annotated[tuple[Some, ...], Meta(min_length=len(SPANS_S) + 1, max_length=len(SPANS_S) + 1)]
MOST_DAYS, MOST_REFUSED, MOST_PROBLEM = 31, 100, 500
"""Days and refusals in one report, and characters of why something was refused."""


class DayConduct(msgspec.Struct, frozen=True, kw_only=True):
    """How a day went that is over, in numbers that can be added up over days and sites."""

    day: date
    visits: Some
    received: Some
    waits: Spans
    """How many customers waited how long until somebody said that they go."""
    answers: Spans
    """How many calls were answered how soon."""
    passed_over: Some = 0
    turn_gap: Some = 0
    """How many turns more than the one with the fewest the one with the most had."""
    disputes: Some = 0
    anomalies: Some = 0
    """Entries that stand out: many at once, soon after a look-up, or not theirs to make."""


class RefusedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the site's hub did not take, and why, in the house's language."""

    number: _Number
    name: DocumentId
    version: Annotated[int, Meta(ge=1, lt=1 << 31)]
    problem: Annotated[str, Meta(max_length=MOST_PROBLEM, pattern=r"^[^\x00]*\Z")]


class SiteReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a site stands, once an hour: what its journal's public part does not tell."""

    backup_at: Annotated[datetime, Meta(tz=True)] | None = None
    """Of the newest backup; None: there is none."""
    channels: Annotated[tuple[ChannelCount, ...], Meta(max_length=7)] = ()
    """Of the last thirty days."""
    days: Annotated[tuple[DayConduct, ...], Meta(max_length=MOST_DAYS)] = ()
    """Those that were not told yet."""
    refused: Annotated[tuple[RefusedDocument, ...], Meta(max_length=MOST_REFUSED)] = ()


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    site: str


def key_id_of(public_key: str) -> str:
    """How a key is called: the first 16 digits of the hash of what stands for it."""
    return hashlib.sha256(public_key.encode()).hexdigest()[:16]


def shipped(entry: PublicEntry) -> ShippedEntry:
    """``entry`` in the form that crosses the wire."""
    return ShippedEntry(
        seq=entry.seq,
        hash=entry.hash,
        kind=entry.kind,
        subject=entry.subject_id,
        at=entry.at,
        body=ShippedBody(form=entry.form, public=entry.public, sealed=entry.sealed),
    )


def chained(batch: Shipment) -> Iterator[PublicEntry]:
    """The entries of ``batch``, each with the hash of the one before."""
    previous = batch.previous
    for one in batch.entries:
        said = (one.at, one.kind, one.subject, one.body.public, one.body.sealed)
        yield PublicEntry(one.seq, previous, one.hash, one.body.form, *said)
        previous = one.hash
