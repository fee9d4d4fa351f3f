"""Phones as keyed hashes: which sites know the same one. The key itself is never here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import psycopg

from broker.head_office.site_store import RefusedError, digest_of
from broker.journal.known_phones import (
    Elsewhere,
    KnownAnswer,
    KnownPart,
    SealedKey,
    group_key_id,
)
from broker.private_file import write_private
from broker.site_key.key import sealed_for
from broker.site_key.signing import Signer
from shared.errors import OperatorError

KEYS_FILE = "group.keys"
"""Beside ``head_office.toml`` of the machine on which keys are given, and nowhere else."""
OVERLAP = timedelta(days=60)
"""So long the old key is good beside a new one: every site has heard of it by then."""
MATCH = """
    select encode(known_phone.hash, 'hex'), site, since, company <> '' and company =
        (select own.company from site as own where own.site = %(site)s)
    from known_phone join site using (site)
    where key_id = %(key_id)s and known_phone.hash = any (%(hashes)s) and site <> %(site)s
"""


class GroupKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the group; ``until``: it was replaced, and is good so long; None: the newest."""

    secret: str
    until: datetime | None = None


def read_keys(config: Path, at: datetime) -> tuple[GroupKey, ...]:
    """The keys that are good, the newest last; none: there is no file yet.

    Raises:
        OperatorError: the file is damaged.
    """
    path = config.with_name(KEYS_FILE)
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=tuple[GroupKey, ...])
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as error:
        raise OperatorError("error.group_keys", path=path, problem=error) from error
    return tuple(key for key in keys if key.until is None or key.until > at)


def with_new_key(keys: Sequence[GroupKey], secret: str, at: datetime) -> tuple[GroupKey, ...]:
    """``keys`` and a new one, which takes the place of the newest after the overlap."""
    old = (msgspec.structs.replace(key, until=key.until or at + OVERLAP) for key in keys)
    return (*old, GroupKey(secret=secret))


def write_keys(config: Path, keys: Sequence[GroupKey]) -> None:
    """Keep them; only their owner may read them."""
    write_private(config.with_name(KEYS_FILE), msgspec.json.encode(keys).decode())


class KnownStore:
    """Over one connection that commits by itself, and belongs to one thread."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection

    def give(self, keys: Sequence[GroupKey], signer: Signer) -> list[str]:
        """Give each site that is in use these keys, and forget all others; the sites' names."""
        named = {group_key_id(key.secret): key.secret for key in keys}
        with self._db.transaction():
            sites = self._db.execute(
                "select site, recipient from site where retired_at is null and recipient <> ''"
                " order by site"
            ).fetchall()
            self._db.execute("delete from group_key")
            self._db.execute("delete from known_phone where key_id <> all (%s)", [[*named]])
            for site, recipient in sites:
                for key_id, secret in named.items():
                    told = SealedKey(key_id=key_id, site=site, sealed=sealed_for(recipient, secret))
                    signed = msgspec.structs.replace(told, signature=signer.sign(told.claim))
                    self._db.execute(
                        "insert into group_key (site, key_id, signed) values (%s, %s, %s)",
                        [site, key_id, msgspec.json.encode(signed).decode()],
                    )
        return [site for site, _ in sites]

    def keys_of(self, site: str, token: str) -> tuple[SealedKey, ...]:
        """The keys of this site.

        Raises:
            RefusedError: the token is not this site's.
        """
        self._require(site, token)
        rows = self._db.execute("select signed from group_key where site = %s", [site])
        return tuple(msgspec.json.decode(signed, type=SealedKey) for (signed,) in rows)

    def keep(self, site: str, token: str, part: KnownPart) -> KnownAnswer:
        """Keep a part of what the site knows; who else knows it.

        Raises:
            RefusedError: the token, or the key, is not this site's.
        """
        with self._db.transaction():
            self._require(site, token)
            given = "select 1 from group_key where site = %s and key_id = %s"
            if self._db.execute(given, [site, part.key_id]).fetchone() is None:
                raise RefusedError
            hashes = [bytes.fromhex(one.hash) for one in part.phones]
            self._db.execute(
                "insert into known_phone (key_id, hash, site, since, run)"
                " select %s, one.hash, %s, one.since, %s from"
                " unnest(%s::bytea[], %s::date[]) as one (hash, since)"
                " on conflict (key_id, hash, site)"
                " do update set since = excluded.since, run = excluded.run",
                [part.key_id, site, part.run, hashes, [one.since for one in part.phones]],
            )
            if part.is_last:
                self._db.execute(
                    "delete from known_phone where site = %s and key_id = %s and run <> %s",
                    [site, part.key_id, part.run],
                )
        asked = {"key_id": part.key_id, "hashes": hashes, "site": site}
        rows = self._db.execute(MATCH, asked)
        return KnownAnswer(known=tuple(Elsewhere(*row) for row in rows))

    def _require(self, site: str, token: str) -> None:
        known = "select 1 from site where site = %s and token_hash = %s"
        if self._db.execute(known, [site, digest_of(token)]).fetchone() is None:
            raise RefusedError
