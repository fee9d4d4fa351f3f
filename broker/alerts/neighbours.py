"""The posts of a house, and the one next to each: who is asked when nobody there answers."""

from collections.abc import Mapping

ROLES = (
    *("consultant", "manager", "gate", "parking", "door", "desk", "security", "steward"),
    *("bar", "showflat", "cart", "cleaning", "engineering", "maintenance"),
)
"""The posts that we have words for; a house may have others too."""
NEIGHBOURS: Mapping[str, str] = {
    "parking": "door",
    "door": "parking",
    "desk": "door",
    "steward": "door",
    "bar": "steward",
    "showflat": "steward",
    "cleaning": "steward",
    "cart": "parking",
    "security": "gate",
    "engineering": "maintenance",
    "maintenance": "engineering",
}
"""Nobody could go in place of the gate."""
