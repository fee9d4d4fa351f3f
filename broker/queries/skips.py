"""Whom today's line has passed over, as the manager's page shows it."""

from collections.abc import Mapping

from broker.console.skip_view import SkipLine
from broker.rules.state import SiteState
from broker.store.visits import Visits
from broker.wording.names import called
from shared.database import Database


def skips_of(
    db: Database, state: SiteState, names: Mapping[str, str], language: str
) -> tuple[SkipLine, ...]:
    """The oldest first; ``names`` are the people's by id."""
    visits, lines = Visits(db), []
    for skip in state.skips:
        visit = visits.find(skip.visit_id)
        visitor = called(visit.surname, visit.salutation, language) if visit else None
        name = names.get(skip.consultant_id, skip.consultant_id)
        lines.append(SkipLine(skip.visit_id, skip.consultant_id, name, visitor))
    return tuple(lines)
