"""What the last night erased, for the manager's page."""

from broker.console.erased_view import ErasedLine
from broker.store.last_erasing import last_erasing
from shared.database import Database


def erased_last(db: Database) -> ErasedLine | None:
    """What went, by class; None: no night has passed yet."""
    last = last_erasing(db)
    if last is None:
        return None
    counts = sorted(last.erased.items(), key=lambda kind: (-kind[1], kind[0]))
    return ErasedLine(last.at, tuple(counts), last.is_complete)
