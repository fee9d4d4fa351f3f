"""Other visitors than customers (施工 送货 找人 物业): who is told of them, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.alerts.calls import Call, Saying, Value, part, word
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from shared.messages import Level


@dataclass(frozen=True, slots=True)
class OtherVisitor:
    """Another visitor, as the register (来访登记本) shows them."""

    service_visit_id: str
    kind: str
    name: str
    party_size: int
    whom: str | None
    number: str
    came_at: datetime
    left_at: datetime | None

    @property
    def label(self) -> Saying:
        """``送货 赵师傅（2 人，37 号）``."""
        return part(
            "other_visitor",
            kind=word(self.kind),
            name=self.name,
            count=str(self.party_size),
            number=self.number,
        )


def calls_when_coming(visitor: OtherVisitor, colleague_id: str | None) -> Iterator[Call]:
    """Tell the colleague whom they came to see; if there is none, the door."""
    to_see = part("to_see", whom=visitor.whom) if visitor.whom else ""
    fields: dict[str, Value] = {"who": visitor.label, "to_see": to_see}
    if colleague_id is None:
        yield Call("other_came", role="door", level=Level.INFO, fields=fields)
    else:
        yield Call("asked_for", staff_id=colleague_id, level=Level.INFO, fields=fields)


def calls_at_closing(still_in: tuple[OtherVisitor, ...], policy: Policy) -> Iterator[Call]:
    """The manager is told of everybody who did not sign out."""
    if not still_in:
        return
    names = tuple(
        part("came_at", who=visitor.label, time=_clock(policy, visitor.came_at))
        for visitor in still_in
    )
    yield Call("still_in", role=MANAGER, level=Level.INFO, fields={"names": names})


def _clock(policy: Policy, moment: datetime) -> str:
    return f"{policy.local(moment):%H:%M}"


def last_closing(policy: Policy, moment: datetime) -> datetime:
    """When the house last closed (R20) before ``moment``."""
    closing = policy.closes_at(moment)
    return closing if closing <= moment else policy.closes_at(moment - timedelta(days=1))
