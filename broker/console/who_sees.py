"""Who sees a visitor's phone and plate in full, as one table (F35). Everybody else sees a mask.

The manager sees both on a visit's page after giving a reason, which the journal keeps
(``What.UNMASK``); a visitor sees their own; a command at the hub's machine is noted there too.
"""

from collections.abc import Mapping

from broker.console.site_view import ExpectedLine, Person
from broker.rules.state import MANAGER

OWNER, HOST = "owner", "host"
WHOLE_FOR: Mapping[str, frozenset[str]] = {
    "phone": frozenset({OWNER, HOST}),
    "plate": frozenset({OWNER, HOST, "gate", "parking"}),
}
"""By key, the posts, and the relations to the visit, that need it whole. Gate and parking stand
before the car; owner and host call the visitor and walk up to the car."""


def sees_whole(key: str, person: Person, owner_id: str | None, host_id: str | None) -> bool:
    """Whether ``person`` sees the phone or plate of a visit with this owner and host in full."""
    is_theirs = {OWNER: person.staff_id == owner_id, HOST: person.staff_id == host_id}
    own = {relation for relation, does_hold in is_theirs.items() if does_hold}
    return not WHOLE_FOR[key].isdisjoint(own.union(person.roles))


def may_invite(person: Person, line: ExpectedLine) -> bool:
    """The manager and the host send the guest their invitation."""
    return MANAGER in person.roles or person.staff_id == line.host_id
