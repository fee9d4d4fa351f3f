"""Takes a person out of a JSON text and leaves everything that was decided. Pure.

Phones and plates become pseudonyms, the same everywhere for the same value, so that a replay
(``yingbin replay``) comes to the same decisions. The key of the pseudonyms is thrown away
afterwards, so that nobody can find the value by trying.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.privacy import mask_phone, mask_plate

ERASED = "erased-"
"""The beginning of each pseudonym; until release 0.3 it was Chinese."""
_FITS_A_PLATE = 9
"""Letters after it: a message's plate has 16 at most, and the entry must stay readable."""
_NAMES = frozenset({"surname", "salutation", "visitor", "name"})
"""Members of a JSON object that hold nothing but a name."""
_WORDS = frozenset({"text", "speech", "raw_plate", "greeting", "note", "key", "was", "now", "whom"})
"""Members with free text or masks, where a name may have any spelling; no rule reads them."""
_LISTS = frozenset({"candidates"})


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is to be hidden: each text and its replacement; None: it is left out."""

    values: Mapping[str, str | None]
    names: frozenset[str]
    """Names such as ``张女士``, hidden inside sentences as well."""
    key: bytes
    """The key of the pseudonyms: new each time, and kept nowhere."""

    def name(self, name: str) -> str:
        """The replacement of a name; different names stay different."""
        return ERASED + _digest(name, self.key)[:6]

    def text(self, text: str) -> str | None:
        """``text`` without what is hidden."""
        if text in self.values:
            return self.values[text]
        for value, instead in self.values.items():
            text = text.replace(value, instead or ERASED)
        for name in self.names:
            text = text.replace(name, ERASED)
        return text


def pseudonyms(phones: Iterable[str], plates: Iterable[str], key: bytes) -> dict[str, str | None]:
    """The replacement of each value and of its mask; ``key`` must be new and kept nowhere."""
    instead: dict[str, str | None] = {}
    for values, mask in ((phones, mask_phone), (plates, mask_plate)):
        for value in values:
            pseudonym = ERASED + _digest(value, key)[:_FITS_A_PLATE]
            instead[value] = pseudonym
            instead[mask(value)] = mask(pseudonym)
    return instead


def hide(body: str, hidden: Hidden, only_in: Set[str] | None = None) -> str:
    """The JSON ``body`` without the person; the very same text if they are not in it.

    ``only_in``: the members in which they may be, as all else must stay; None: in any.
    """
    before = msgspec.json.decode(body)
    after = _hide(before, hidden) if only_in is None else _hide_in(before, hidden, only_in)
    return body if after == before else msgspec.json.encode(after).decode()


def _digest(value: str, key: bytes) -> str:
    """In base 32: short, and without a difference of upper and lower case."""
    digest = hmac.new(key, value.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()


def _hide(value: Any, hidden: Hidden) -> Any:
    if isinstance(value, str):
        return hidden.text(value)
    if isinstance(value, list):
        return [_hide(item, hidden) for item in value]
    if isinstance(value, dict):
        is_colleague = "id" in value
        return {
            name: member if is_colleague else _hide_member(name, member, hidden)
            for name, member in value.items()
        }
    return value


def _hide_in(value: Any, hidden: Hidden, members: Set[str]) -> Any:
    if isinstance(value, list):
        return [_hide_in(item, hidden, members) for item in value]
    if isinstance(value, dict) and "id" not in value:
        return {
            name: _hide_member(name, member, hidden)
            if name in members
            else _hide_in(member, hidden, members)
            for name, member in value.items()
        }
    return value


def _hide_member(name: str, value: Any, hidden: Hidden) -> Any:
    if name in _NAMES and isinstance(value, str):
        return hidden.name(value)
    if name in _WORDS and isinstance(value, str):
        return ERASED
    return [] if name in _LISTS else _hide(value, hidden)
