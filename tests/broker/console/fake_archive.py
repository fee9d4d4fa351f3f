"""Disputes, past decisions and conduct for the pages' tests. All invented."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from broker.console.dispute_view import (
    Answers,
    ClaimLine,
    DecisionLine,
    Dispute,
    EntryLine,
    Found,
    Mark,
    Reading,
    RulingLine,
    Search,
    TimelineLine,
    Topic,
)
from broker.console.patterns_view import Conduct, MakeUpPair, Path, Patterns

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 at the site."""


def two_claims(at: datetime = NINE) -> Dispute:
    """赵磊 receives a visitor whom 李敏 had entered by phone, and who came in a car of 王强's."""
    entered, until = at - timedelta(days=5), at + timedelta(days=10)
    minute = timedelta(minutes=1)
    return Dispute(
        visit_id="v2",
        came_at=at,
        visitor="王先生",
        phone="13900139000",
        plate="粤BD12345",
        arrived_at=at,
        checked_in_at=at + minute,
        left_at=None,
        finished_at=None,
        host_id="zhao",
        host="赵磊",
        owner_id="li",
        owner="李敏",
        rule="R6",
        sentence="手机 13900139000 由李敏登记，归属李敏，由赵磊代为接待。",
        answers=Answers("no", "no", "yes", "李敏", None, "sms"),
        claims=(
            ClaimLine("li", "李敏", None, registered_at=entered, protected_until=until),
            ClaimLine("wang", "王强", "card", at=at + 3 * minute),
        ),
        readings=(
            Reading("earliest", "王强", entered - timedelta(days=2), "plate"),
            Reading("phone", "李敏", entered, "phone"),
        ),
        entries=(
            EntryLine(
                *("王强", entered - timedelta(days=2), entered, until, "walk_in", ("plate",)),
                marks=(Mark.LATE,),
            ),
            EntryLine("李敏", entered, entered, until, "phone", ("phone",), (Mark.COUNTED,)),
        ),
        timeline=(
            TimelineLine(entered, Topic.ENTRY, "李敏登记该客户（手机号），为本次依据。"),
            TimelineLine(at - minute, Topic.LOOK_UP, "王强查询了139****9000。"),
            TimelineLine(at, Topic.GATE, "车辆到访 粤B·D***45。"),
            TimelineLine(at + minute, Topic.DECISION, "归属李敏，由赵磊代为接待。", "R6"),
            TimelineLine(at + 3 * minute, Topic.CLAIM, "王强认为是自己的客户。"),
        ),
        ruling=None,
        is_open=True,
        parties=frozenset({"li", "wang"}),
        can_be_ruled_on=True,
    )


def ruled(dispute: Dispute) -> Dispute:
    """The same dispute after the manager ruled."""
    at = dispute.came_at + timedelta(minutes=9)
    ruling = RulingLine(at, "王强", "陈静", "客户出示了名片")
    line = TimelineLine(at, Topic.RULING, "经理裁定归属王强，理由：客户出示了名片。")
    timeline = (*dispute.timeline, line)
    return replace(dispute, ruling=ruling, is_open=False, timeline=timeline)


def week(first: date, last: date) -> Patterns:
    """王强 looks customers up and then claims them; everybody names 赵磊."""
    return Patterns(
        first,
        last,
        people=(
            Conduct("wang", "王强", 8, 5, 0, 4, 1, 0, 1, 14, 1, 2, 2, 0, 0, 1),
            Conduct("zhao", "赵磊", 10, 2, 8, 6),
            Conduct("li", "李敏", 9, 6, 1, 5, looked_up=2),
        ),
        make_ups=(MakeUpPair("王强", "赵磊", 3, 1),),
        paths=(Path("王强", NINE, NINE + timedelta(minutes=4), True, "v2"),),
    )


@dataclass
class FakeArchive:
    """See Archive."""

    disputes: dict[str, Dispute] = field(default_factory=lambda: {"v2": two_claims()})
    searches: list[Search] = field(default_factory=list)
    ranges: list[tuple[date, date]] = field(default_factory=list)

    def dispute(self, visit_id: str, _language: str) -> Dispute | None:
        """See Archive."""
        return self.disputes.get(visit_id)

    def decisions(self, search: Search, _language: str) -> Found:
        """See Archive."""
        self.searches.append(search)
        lines = tuple(
            DecisionLine(
                *(dispute.visit_id, dispute.came_at, dispute.visitor, dispute.plate),
                *(dispute.host, dispute.owner, dispute.rule or ""),
                is_disputed=dispute.is_open,
                is_ruled=dispute.ruling is not None,
            )
            for dispute in self.disputes.values()
        )
        return Found(lines, has_more=True, days=30)

    def patterns(self, first: date, last: date) -> Patterns:
        """See Archive."""
        self.ranges.append((first, last))
        return week(first, last)
