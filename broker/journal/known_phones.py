"""One family at two projects (跨项目): phones as keyed hashes, which head office compares unread.

The group's key lies at the sites and on one machine of head office, never in its database: who has
only the database can't try numbers out.
"""

import hashlib
import hmac
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

MOST_PHONES = 5_000
"""In one part."""
_Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
_KeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]


class KnownPhone(msgspec.Struct, frozen=True):
    """A phone that a site knows, and since when."""

    hash: _Hash
    since: date


class KnownPart(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the phones of a site, by one key; the last part ends what is no longer told."""

    key_id: _KeyId
    run: Annotated[int, Meta(ge=1, lt=1 << 53)]
    """Each telling of all phones has a number of its own."""
    phones: Annotated[tuple[KnownPhone, ...], Meta(max_length=MOST_PHONES)] = ()
    is_last: bool = False


class Elsewhere(msgspec.Struct, frozen=True):
    """Another site of the group that knows the phone, and since when."""

    hash: str
    site: str
    since: date
    is_company: bool = False
    """Whether the site is of the same company as the one that asks."""


class KnownAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who else knows the phones of a part."""

    known: tuple[Elsewhere, ...] = ()


class SealedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the group, encrypted for one site."""

    key_id: str
    site: str
    sealed: str
    signature: str = ""

    @property
    def claim(self) -> str:
        """What is signed."""
        return f"group key {self.key_id} {self.site} {self.sealed}"


class GroupKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys by which a site tells its phones: two while one takes the other's place."""

    keys: tuple[SealedKey, ...] = ()


def phone_hash(key: str, phone: str) -> str:
    """What stands for ``phone``, which is in its stored form."""
    return hmac.new(bytes.fromhex(key), phone.encode(), hashlib.sha256).hexdigest()


def group_key_id(key: str) -> str:
    """How the key is called."""
    return hashlib.sha256(f"group key {key}".encode()).hexdigest()[:16]
