"""The register of channel reports (渠道报备): when a customer was reported, and when they came.

Only the manager reads it: whether a report came in time, and whether the visitor said that nobody
had been in touch with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from broker.journal.mentions import entries_that_mention
from broker.journal.past import policy_at
from broker.registers.columns import FileReading, Mask, Parties, RegisterSheet, Scope, SheetColumn
from broker.registers.day_facts import Day, VisitStory
from broker.registers.days import seq_since
from broker.registers.of_visits import CAME, HOST, ON, PHONE, PLATE, VISITOR, in_order
from broker.registers.visit_kinds import origin
from broker.registers.writer import Writer
from broker.rules.facts import Keys, Registration
from broker.store.register import CustomerRegister

AGENCY = "agency"
"""The channel (渠道) of such an entry."""
_ANY = f"select 1 from registrations where channel = '{AGENCY}' limit 1"


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A visitor whom an agency had reported, or reported when they were there already."""

    visit: VisitStory
    report: Registration
    least_minutes: int

    @property
    def lead(self) -> timedelta:
        """How long before the visitor came the report was made; negative: afterwards."""
        return self.visit.began_at - self.report.registered_at

    @property
    def is_in_time(self) -> bool:
        """Whether it was made as long before as the house asks."""
        return self.lead >= timedelta(minutes=self.least_minutes)

    @property
    def is_conflict(self) -> bool:
        """Whether the visitor said that they come by themselves."""
        return origin(self.visit) == "natural" or "contradicts_answers" in self.visit.flags


def _reports(day: Day, asked: FileReading) -> Iterable[ChannelRow]:
    if "channels" not in asked.memo:
        asked.memo["channels"] = asked.db.conn.execute(_ANY).fetchone() is not None
    return list(_of_day(day, asked)) if asked.memo["channels"] else ()


def _of_day(day: Day, asked: FileReading) -> Iterator[ChannelRow]:
    register = CustomerRegister(asked.db)
    over = asked.policy.start_of(day.on + timedelta(days=1))
    end = seq_since(asked.db, over)
    least_minutes = policy_at(asked.db, end).channel_lead_minutes
    for visit in in_order(story for story in day.visits.values() if story.is_customer):
        keys = Keys(phone=visit.phone, plates=(visit.plate,) if visit.plate else ())
        for entry in register.find(keys):
            is_reported = entry.channel == AGENCY and entry.registered_at < over
            if is_reported and _was_entered(asked, entry, end):
                yield ChannelRow(visit, entry, least_minutes)


def _was_entered(asked: FileReading, entry: Registration, end: int) -> bool:
    """Whether the journal knew of it by then: a table that is imported later has older dates."""
    mentioned = entries_that_mention(asked.db, [entry.registration_id])
    return not mentioned or mentioned[0] < end


def _of_visit(column: SheetColumn) -> SheetColumn:
    return SheetColumn(
        column.name, lambda write, row: column.cell(write, row.visit), column.mask, column.width
    )


def _lead(_write: Writer, row: ChannelRow) -> int:
    return int(row.lead // timedelta(minutes=1))


def _marks(write: Writer, row: ChannelRow) -> str:
    marks = {"channel_late": not row.is_in_time, "channel_conflict": row.is_conflict}
    return " ".join(write.say(f"mark_{name}") for name, is_so in marks.items() if is_so)


CHANNELS = RegisterSheet(
    "channels",
    _reports,
    (
        *map(_of_visit, (ON, CAME, VISITOR, PHONE, PLATE)),
        SheetColumn("reported_by", lambda write, row: write.name(row.report.consultant_id)),
        SheetColumn(
            "reported_at", lambda write, row: write.moment(row.report.registered_at), width=17
        ),
        SheetColumn("lead", _lead, width=9),
        _of_visit(HOST),
        SheetColumn("marks", _marks, Mask.NONE, 24),
    ),
    lambda row: Parties(
        row.visit.owner_id, row.visit.host_id, (row.report.consultant_id,), row.visit.visit_id
    ),
    {"manager": Scope.ALL},
    lambda row: (
        *(("channel_late",) if not row.is_in_time else ()),
        *(("channel_conflict",) if row.is_conflict else ()),
    ),
    shows_customers=True,
)
