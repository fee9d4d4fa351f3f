"""What head office says to its sites, signed when it is published; nobody is told of another's."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import psycopg

from broker.head_office.drafts import Draft
from broker.head_office.readers import ALL_SITES
from broker.head_office.refusals import forget_refusals
from broker.head_office.site_store import RefusedError, digest_of
from broker.journal.shipment import GroupDocument, key_id_of
from broker.site_key.signing import Signer, make_signer
from shared.errors import OperatorError

KEY_FILE = "documents.key"
"""Beside ``head_office.toml`` of the machine on which documents are published, and nowhere else."""
MOST_AT_ONCE = 100


def office_signer(config: Path) -> Signer:
    """The key that signs, made at the first call."""
    return make_signer(config.with_name(KEY_FILE))


class DocumentStore:
    """Over one connection that commits by itself, and belongs to one thread."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection

    def trust(self, signer: Signer) -> None:
        """Sites that join from now on are told this key."""
        self._db.execute("update office set documents_key = %s", [signer.public])

    def publish(self, draft: Draft, sites: Sequence[str], signer: Signer) -> list[GroupDocument]:
        """Sign the draft for all sites, or one document for each of ``sites``, and keep it.

        Raises:
            OperatorError: there is no such site.
        """
        made = list[GroupDocument]()
        with self._db.transaction():
            self._db.execute("lock table document in exclusive mode")
            number, version = self._last(draft.name)
            for site in [""] if sites == (ALL_SITES,) else sites:
                self._require(site)
                number += 1
                unsigned = GroupDocument(
                    number=number,
                    name=draft.name,
                    version=version + 1,
                    valid_from=draft.valid_from,
                    site=site,
                    binding=draft.binding,
                    default=draft.default,
                    key_id=key_id_of(signer.public),
                )
                signature = signer.sign(unsigned.claim)
                made.append(msgspec.structs.replace(unsigned, signature=signature))
                self._keep(made[-1])
                forget_refusals(self._db, made[-1])
            self.trust(signer)
        return made

    def of_site(self, site: str, token: str, after: int) -> tuple[GroupDocument, ...]:
        """What is for this site behind the number ``after``, which it has.

        Raises:
            RefusedError: the token is not this site's.
        """
        known = self._db.execute(
            "update site set documents_through = greatest(documents_through, least(%s,"
            " (select coalesce(max(number), 0) from document)))"
            " where site = %s and token_hash = %s returning site",
            [after, site, digest_of(token)],
        ).fetchone()
        if known is None:
            raise RefusedError
        rows = self._db.execute(
            "select signed from document where number > %s and (site is null or site = %s)"
            " order by number limit %s",
            [after, site, MOST_AT_ONCE],
        )
        return tuple(msgspec.json.decode(signed, type=GroupDocument) for (signed,) in rows)

    def _last(self, name: str) -> tuple[int, int]:
        """The last number of all, and the last version by this name."""
        found = self._db.execute(
            "select coalesce(max(number), 0),"
            " coalesce(max(version) filter (where name = %s), 0) from document",
            [name],
        ).fetchone()
        return found or (0, 0)

    def _require(self, site: str) -> None:
        query = "select 1 from site where site = %s and retired_at is null"
        if site and self._db.execute(query, [site]).fetchone() is None:
            raise OperatorError("error.no_documents_for", site=site)

    def _keep(self, document: GroupDocument) -> None:
        self._db.execute(
            "insert into document (number, site, name, version, valid_from, signed)"
            " values (%s, %s, %s, %s, %s, %s)",
            [
                *(document.number, document.site or None, document.name, document.version),
                *(document.valid_from, msgspec.json.encode(document).decode()),
            ],
        )
