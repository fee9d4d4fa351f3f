"""People whose block was taken out of ``site.toml`` before its people became data (R4b)."""

from collections.abc import Mapping

import msgspec

from broker.rules.state import SiteState
from broker.site_file import SitePeople, Staff


def missing_staff(people: SitePeople, state: SiteState) -> dict[str, str]:
    """The names, by id, of who is in the line's roster and not in the file, and never left."""
    in_file = {person.id for person in people.staff}
    at_work = {each.id: each.name for each in state.roster.values() if not each.has_left}
    return {key: at_work[key] for key in at_work if key not in in_file | state.departed}


def with_missing(people: SitePeople, missing: Mapping[str, str]) -> SitePeople:
    """``people`` and the missing as if they had left: a name for the past, and nobody is called.

    Nothing is decided about their customers: the block may come back.
    """
    gone = (
        Staff(id=staff_id, name=name, roles=("consultant",), pin="", has_left=True)
        for staff_id, name in missing.items()
    )
    return msgspec.structs.replace(people, staff=(*people.staff, *gone))
