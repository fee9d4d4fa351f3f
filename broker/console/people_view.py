"""Who may log in to the staff's pages. Pure."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """A person who may log in. ``roles`` are role ids (岗位): ``consultant``, ``manager`` …"""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    pin: str = field(repr=False)
    """4 to 8 digits."""
