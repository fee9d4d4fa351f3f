"""Who a visitor belongs to and who receives him now (判客): one row a rule, the first that fits.

A first cut of the house rules: R6, R9, R10, R11, R14, R13 without absences.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from broker.rules.rotation import Rotation
from shared.messages import Answer3, Evidence


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of a customer (客户登记)."""

    consultant_id: str
    received_on: date
    """Local day of the last reception by the owner; protection counts from it (R2)."""
    surname: str | None = None
    salutation: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The three questions (问岗三问) and who was named."""

    is_first_visit: Answer3 = Answer3.UNSURE
    family_visited: Answer3 = Answer3.UNSURE
    was_contacted: Answer3 = Answer3.UNSURE
    named_consultant_id: str | None = None
    evidence: Evidence = Evidence.NONE


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """All that the rules may look at."""

    today: date
    registered: tuple[Registered, ...]
    """Matches of the phone or of a confirmed plate, earliest first."""
    answers: Answers
    protection_days: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, why, and the rotation that follows from it."""

    rule: str
    owner_id: str | None
    """Who the visitor belongs to (归属人)."""
    host_id: str | None
    """Who receives him today (接待人); None: nobody is in line."""
    is_turn_used: bool
    flags: tuple[str, ...]
    why: str
    rotation: Rotation


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the decision table."""

    id: str
    applies: Callable[[VisitFacts], bool]
    owner_of: Callable[[VisitFacts], str | None]
    """None: by rotation."""
    flags: tuple[str, ...]
    why: str
    """The sentence; ``{host}`` is the receiving consultant's name."""


def protected_through(registered: Registered, protection_days: int) -> date:
    """The last protected day. The day of the reception is not counted («自接待之日起», R2)."""
    return registered.received_on + timedelta(days=protection_days)


def protected_owner(facts: VisitFacts) -> str | None:
    """The consultant whose protection runs; of two the earliest registration wins (R1)."""
    for one in facts.registered:
        if facts.today <= protected_through(one, facts.protection_days):
            return one.consultant_id
    return None


def _by_rotation(_facts: VisitFacts) -> str | None:
    return None


def _named(facts: VisitFacts) -> str | None:
    return facts.answers.named_consultant_id


def _was_here_or_contacted(facts: VisitFacts) -> bool:
    answers = facts.answers
    was_here = answers.is_first_visit is Answer3.NO or answers.was_contacted is Answer3.YES
    return was_here and answers.named_consultant_id is not None


def _family_was_here(facts: VisitFacts) -> bool:
    return facts.answers.family_visited is Answer3.YES


def _is_natural(facts: VisitFacts) -> bool:
    """All three "no": Q1 is answered "yes, the first time"."""
    answers = facts.answers
    return (
        answers.is_first_visit is Answer3.YES
        and answers.family_visited is Answer3.NO
        and answers.was_contacted is Answer3.NO
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "R6",
        lambda facts: protected_owner(facts) is not None,
        protected_owner,
        ("returning",),
        "老客户在保护期内，归属{owner}，由{host}接待。",
    ),
    Rule("R9", _was_here_or_contacted, _named, ("named",), "客户指名{owner}，由{host}接待。"),
    Rule(
        "R10",
        lambda facts: _family_was_here(facts) and _named(facts) is not None,
        _named,
        ("family",),
        "亲友由{owner}接待过，由{host}接待。",
    ),
    Rule(
        "R11",
        _family_was_here,
        _by_rotation,
        ("split_commission",),
        "亲友来过但不记得顾问，按轮序由{host}接待，佣金按比例分配。",
    ),
    Rule("R14", _is_natural, _by_rotation, ("natural",), "自然到访，按轮序由{host}接待。"),
    Rule(
        "R13",
        lambda _facts: True,
        _by_rotation,
        ("undetermined",),
        "来源不能确定，视同新客户，按轮序由{host}接待。",
    ),
)
"""Order and wording are the office's written rules, not ours."""


def decide(facts: VisitFacts, rotation: Rotation, names: Mapping[str, str]) -> Decision:
    """Give the visitor to his owner, else to the next in line.

    ``names`` are the consultants' names for the sentence. An owner who is not in line today keeps
    the visitor; the next in line then receives him for the owner and keeps his own place.
    """
    rule = next(rule for rule in RULES if rule.applies(facts))
    owner_id = rule.owner_of(facts)
    next_id = rotation.next()
    host_id = owner_id if owner_id in rotation.queue else next_id
    is_turn_used = owner_id is None and host_id is not None
    flags = rule.flags if host_id == owner_id or is_turn_used else (*rule.flags, "courtesy")
    return Decision(
        rule=rule.id,
        owner_id=owner_id or host_id,
        host_id=host_id,
        is_turn_used=is_turn_used,
        flags=flags,
        why=_sentence(rule, names.get(owner_id or "", ""), names.get(host_id or "")),
        rotation=rotation.after_turn(host_id) if is_turn_used and host_id else rotation,
    )


def _sentence(rule: Rule, owner: str, host: str | None) -> str:
    return rule.why.format(owner=owner, host=host or "前台（暂无人在轮序）")
