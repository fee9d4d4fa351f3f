"""The decisions that a manager may still rule on, found by day, consultant or masked plate."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from broker.console.dispute_view import DecisionLine, DecisionPage, Search
from broker.rules.policy import Policy
from broker.store.moments import utc_text
from broker.wording.decisions import Teller
from broker.wording.names import called
from shared.database import Database
from shared.privacy import masked_plate

PAGE = 20

_CLAIMED = """exists (
    select 1 from mentions join journal using (seq), json_each(body, '$.events') as event
    where mentions.name = visits.visit_id and kind = 'step'
    and (instr(body, '"type":"dispute_opened"') or instr(body, '"type":"claimed"'))
    and event.value ->> 'type' in ('dispute_opened', 'claimed')
    and event.value ->> 'visit_id' = visits.visit_id"""
_DISPUTED = f"{_CLAIMED})"
_IS_PARTY = f"""(:party_id in (owner_id, host_id, claimed_by)
    or {_CLAIMED} and instr(event.value, json_quote(:party_id))))"""
_FOUND = f"""select visit_id, opened_at, surname, salutation, plate, rule, owner_id,
    coalesce(claimed_by, host_id) as host_id, {_DISPUTED} as is_disputed from visits
    where rule is not null and opened_at >= :since and opened_at < :until
    and (:staff_id is null or :staff_id in (owner_id, host_id, claimed_by))
    and (:plate is null or instr(masked(plate), :plate) > 0)
    and (not :only_disputed or {_DISPUTED})
    and (:party_id is null or {_IS_PARTY})
    order by opened_at desc, visits.rowid desc limit :limit offset :offset"""


def past_decisions(db: Database, search: Search, teller: Teller, now: datetime) -> DecisionPage:
    """A page of them, the latest first."""
    db.conn.create_function("masked", 1, _masked, deterministic=True)
    policy = teller.policy
    since, until = now - timedelta(days=policy.ruling_within_days), now + timedelta(days=1)
    if search.on is not None:
        since, until = max(since, day_began(policy, search.on)), day_began(policy, _next(search.on))
    values: dict[str, Any] = {
        "since": utc_text(since),
        "until": utc_text(until),
        "staff_id": search.staff_id,
        "plate": as_masked(search.plate),
        "only_disputed": search.only_disputed or search.party_id is not None,
        "party_id": search.party_id,
        "limit": PAGE + 1,
        "offset": PAGE * search.page,
    }
    rows = list(db.query(_FOUND, values))
    lines = tuple(_line(row, teller) for row in rows[:PAGE])
    return DecisionPage(lines, len(rows) > PAGE, policy.ruling_within_days)


def as_masked(plate: str | None) -> str | None:
    """What is typed as a mask shows it: of a whole plate the middle is not compared."""
    text = "".join((plate or "").split()).upper().replace("·", "")
    if len(text) >= _WHOLE and "*" not in text:
        return _masked(text)
    return text or None


_WHOLE = 7
"""Letters of the shortest plate."""


def _masked(plate: str | None) -> str:
    """The masked plate without the dot, which nobody types."""
    return masked_plate(plate).replace("·", "")


def day_began(policy: Policy, on: date) -> datetime:
    """When this day begins at the site."""
    return datetime.combine(on, time(), ZoneInfo(policy.timezone))


def _next(on: date) -> date:
    return on + timedelta(days=1)


def _line(row: dict[str, Any], teller: Teller) -> DecisionLine:
    return DecisionLine(
        visit_id=row["visit_id"],
        came_at=datetime.fromisoformat(row["opened_at"]),
        visitor=called(row["surname"], row["salutation"], teller.language),
        plate=row["plate"],
        host=teller.name(row["host_id"]) or None,
        owner=teller.name(row["owner_id"]) or None,
        rule=row["rule"],
        is_disputed=bool(row["is_disputed"]),
        is_ruled=row["rule"] == "R15",
    )
