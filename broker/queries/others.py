"""Today's visitors who are no customers (非客户来访), as pages show them."""

from datetime import datetime

from broker.console.site_view import OtherLine
from broker.store.service_visits import OtherVisitors
from shared.database import Database


def others_since(db: Database, since: datetime) -> tuple[OtherLine, ...]:
    """Those who came since then."""
    return tuple(
        OtherLine(
            kind=visitor.kind,
            name=visitor.name,
            party_size=visitor.party_size,
            whom=visitor.whom,
            number=visitor.number,
            came_at=visitor.came_at,
            left_at=visitor.left_at,
        )
        for visitor in OtherVisitors(db).since(since)
    )
