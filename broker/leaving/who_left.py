"""Who works here: the site's people but those who left the company (R4b).

Somebody left by the manager's word, which stands in the journal for good, or by what was set.
Log-ins, accounts at the MQTT server, posts and the hub's door all ask here.
"""

from broker.rules.state import SiteState
from broker.site_file import SitePeople, Staff


def has_left(people: SitePeople, state: SiteState, staff_id: str) -> bool:
    """Whether this person left; False for somebody unknown."""
    return staff_id in state.departed or staff_id in people.left


def staff_here(people: SitePeople, state: SiteState) -> tuple[Staff, ...]:
    """Everybody who works here, in the order of the file."""
    if not people.left and not state.departed:
        return people.staff
    return tuple(person for person in people.staff if not _is_gone(person, state))


def leavers(people: SitePeople, state: SiteState) -> tuple[Staff, ...]:
    """The people of the file who left."""
    return tuple(person for person in people.staff if _is_gone(person, state))


def _is_gone(person: Staff, state: SiteState) -> bool:
    return person.has_left or person.id in state.departed
