"""One person erased at all sites: an order for each, and what each site's journal says of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from broker.journal.chain import ERASED
from broker.journal.erasures import ERASURE_TAKEN, ErasureOrder, ErasureTaken
from broker.journal.shipment import key_id_of
from broker.site_key.key import sealed_for
from broker.site_key.signing import Signer
from shared.errors import OperatorError
from shared.ids import new_id

_OF_SITES = """
    select site.site, retired_at is not null, erasure.site is not null, taken.at, taken.public,
        erased.at, erased.public
    from site
    left join erasure on erasure.site = site.site and erasure_id = %(id)s
    left join entry as taken on taken.site = site.site and taken.subject = %(id)s
        and taken.kind = %(taken)s
    left join entry as erased on erased.site = site.site and erased.subject = %(id)s
        and erased.kind = %(erased)s
    order by site.site
"""


@dataclass(frozen=True, slots=True)
class SiteErasure:
    """What one site did."""

    site: str
    state: str
    """``unasked``: it left the group or must join anew; ``waits``: it did not hear of it yet;
    ``nobody``: it knows no such person; ``later``: once their visit is over; ``done``."""
    at: datetime | None = None
    visits: int = 0
    registrations: int = 0
    entries: int = 0
    """Of the journal, that named the person."""


class _ErasedEntries(msgspec.Struct, frozen=True):
    entries: tuple[Any, ...] = ()


class ErasureStore:
    """Over one connection that commits by itself, and belongs to one thread.

    The phone itself is kept nowhere: each order holds it as only that site can read it.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection

    def order(self, phone: str, at: datetime, signer: Signer) -> str:
        """Ask each site that is in use to erase this person; the name of the erasure."""
        erasure_id, key_id = new_id(at), key_id_of(signer.public)
        with self._db.transaction():
            sites = self._db.execute(
                "select site, recipient from site where retired_at is null and recipient <> ''"
            ).fetchall()
            for site, recipient in sites:
                order = ErasureOrder(
                    erasure_id=erasure_id,
                    site=site,
                    sealed=sealed_for(recipient, phone),
                    key_id=key_id,
                )
                signed = msgspec.structs.replace(order, signature=signer.sign(order.claim))
                self._db.execute(
                    "insert into erasure (erasure_id, site, ordered_at, signed)"
                    " values (%s, %s, %s, %s)",
                    [erasure_id, site, at, msgspec.json.encode(signed).decode()],
                )
        return erasure_id

    def open_at(self, site: str) -> tuple[ErasureOrder, ...]:
        """The orders of which the site's journal does not say yet that it heard them."""
        rows = self._db.execute(
            "select signed from erasure where site = %s and not exists (select 1 from entry"
            " where entry.site = erasure.site and subject = erasure_id and kind = 'erasure_taken')"
            " order by ordered_at",
            [site],
        )
        return tuple(msgspec.json.decode(signed, type=ErasureOrder) for (signed,) in rows)

    def done(self, erasure_id: str) -> list[SiteErasure]:
        """What each site of the group did, those that were not asked too.

        Raises:
            OperatorError: there is no such erasure.
        """
        found = self._db.execute("select 1 from erasure where erasure_id = %s", [erasure_id])
        if found.fetchone() is None:
            raise OperatorError("error.no_erasure", erasure_id=erasure_id)
        kinds = {"id": erasure_id, "taken": ERASURE_TAKEN, "erased": ERASED}
        return list(_told(self._db.execute(_OF_SITES, kinds).fetchall()))


def _told(rows: list[tuple[Any, ...]]) -> Iterator[SiteErasure]:
    for site, is_retired, is_asked, taken_at, taken, erased_at, erased in rows:
        if taken is None:
            yield SiteErasure(site, "waits" if is_asked and not is_retired else "unasked")
            continue
        said = msgspec.json.decode(taken, type=ErasureTaken)
        counts = said.visits, said.registrations
        if erased is not None:
            entries = len(msgspec.json.decode(erased, type=_ErasedEntries).entries)
            yield SiteErasure(site, "done", _moment(erased_at), *counts, entries)
        else:
            state = "later" if said.is_known else "nobody"
            yield SiteErasure(site, state, _moment(taken_at), *counts)


def _moment(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return None
