"""Marks of what people choose by page: whoever changes it says which mark they saw (两人同时改)."""

from collections.abc import Iterable
from hashlib import blake2b


def mark_of_order(line: Iterable[str]) -> str:
    """Of the day's order: another for other people, or the same in another order."""
    return _mark(line)


def mark_of_owner(owner_id: str | None, rule: str | None) -> str:
    """Of whose customer a visit's is, and by which rule."""
    return _mark((owner_id or "", rule or ""))


def _mark(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
