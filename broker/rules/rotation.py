"""Whose turn it is (轮序). A rotation is the queue itself; the first is next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rotation:
    """The order in which consultants (置业顾问) receive new visitors."""

    queue: tuple[str, ...]

    def next(self) -> str | None:
        """Whose turn it is, None when nobody is in line."""
        return self.queue[0] if self.queue else None

    def after_turn(self, consultant_id: str) -> "Rotation":
        """The rotation once ``consultant_id`` has received a visitor: they go to the end (R22)."""
        rest = tuple(one for one in self.queue if one != consultant_id)
        return Rotation((*rest, consultant_id))
