"""The public part of an entry: what was decided, without what may tell who somebody is. Pure.

The chain is made of public parts and of digests of the whole bodies. So whoever has only these, as
a head office, can check it, and a person can be erased without a change of either.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

_CONTAINERS = (dict, list)
FORM = 1
"""How entries are chained from now on. Entries of before have the form 0: all of them is hashed."""
SEALED: Mapping[int, frozenset[str]] = {
    1: frozenset(
        {
            # What the messages type as Plate, Phone, Name or Text.
            *("actions", "by_name", "candidates", "channel", "colour", "drinks", "en"),
            *("family_phone", "family_text", "found", "greeting", "host_name"),
            *("host_picture", "instead_of", "key", "kind", "language", "logo", "name"),
            "named_text",
            *("needs", "note", "number", "phone", "picture", "place", "plate", "plates"),
            *("problem", "raw_plate", "reason", "refused", "salutation", "speech"),
            *("spellings", "surname", "text", "title", "version", "vip_level", "visitor"),
            *(
                "vendor_id",
                "visitor_number",
                "wait_hint",
                "welcome",
                "whom",
                "wordings",
                "zh_cn",
                "zh_tw",
            ),
            # What the rules and the journal's own notes keep of it under other names, and a key.
            *("detail", "family_named", "fields", "guest", "keys", "named", "notice", "now"),
            *("others", "overruled_keys", "page_key", "was", "was_phone", "was_plate"),
        }
    )
}
"""The members whose values are left out, by form. A form never changes: it is hashed so."""


def public_of(body: str, form: int) -> str:
    """The public part of the JSON ``body``; empty where it is damaged."""
    try:
        return without_sealed(msgspec.json.decode(body), form)
    except (msgspec.DecodeError, UnicodeError, RecursionError, KeyError):
        return ""


def without_sealed(body: Any, form: int = FORM) -> str:
    """The public part of the decoded ``body``, which loses its sealed members by it."""
    _empty(body, SEALED[form])
    return msgspec.json.encode(body).decode()


def _empty(value: Any, sealed: frozenset[str]) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if name in sealed:
                value[name] = None
            elif isinstance(member, _CONTAINERS):
                _empty(member, sealed)
    elif isinstance(value, list):
        for member in value:
            if isinstance(member, _CONTAINERS):
                _empty(member, sealed)
