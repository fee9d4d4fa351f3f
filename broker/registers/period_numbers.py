"""What is told of some days once they are over: they are added up one by one, as time allows."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from broker.console.patterns_view import Conduct, is_unusual
from broker.registers.columns import FileReading
from broker.registers.day_facts import Day, VisitStory
from broker.registers.days import days
from broker.registers.figures import FIGURES, figures_of
from broker.registers.of_rotation import turn_kind
from broker.registers.visit_kinds import OPEN, origin
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.state import MANAGER

ODD = (n.LateEntry, n.BulkRegistration, n.ContradictsAnswers, n.LookThenClaim, n.Unauthorised)
"""What a manager should look at, whoever did it."""


@dataclass(slots=True)
class PeriodNumbers:
    """The numbers of the days before ``following``, nobody's name among them."""

    following: date
    counted: Counter[str] = field(
        default_factory=lambda: Counter({figure.name: 0 for figure in FIGURES})
    )
    origins: Counter[str] = field(default_factory=Counter)
    """How the customers came (``register.origin_…``)."""
    corrected: int = 0
    """Cars whose plate was misread."""
    odd: int = 0
    _of: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By consultant who was in the line."""

    def add_next(self, asked: FileReading) -> None:
        """Add the day ``following``; ``asked`` is of this very day."""
        (day,) = days(asked.db, asked.policy, self.following, self.following)
        self.counted.update(figures_of(day, asked))
        self.corrected += sum(story.is_misread for story in day.visits.values())
        self.odd += sum(isinstance(notice, ODD) for notice in day.notices)
        self._add_turns(day)
        for story in day.visits.values():
            if story.is_customer:
                self._add_visit(story)
        self.following += timedelta(days=1)

    def _add_turns(self, day: Day) -> None:
        for line in day.rotation:
            if isinstance(line.event, e.Joined):
                self._of[line.event.consultant_id].update(turns=0)
            elif turn_kind(line.event) == "turn" and line.event.host_id:
                self._of[line.event.host_id].update(turns=1)

    def _add_visit(self, story: VisitStory) -> None:
        self.origins[origin(story) or OPEN] += 1
        if story.host_id and story.host_id != MANAGER:
            self._of[story.host_id].update(
                received=1,
                natural=bool(story.first and story.first.ownership.rule == "R14"),
                named=bool({"named", "family"} & set(story.flags)),
            )

    def fairness(self) -> Mapping[str, int]:
        """Fewest and most turns and receptions of anybody, and how many have an unusual share."""
        people = tuple(
            Conduct(who, who, own["received"], own["natural"], own["named"])
            for who, own in self._of.items()
        )
        unusual = {
            person.staff_id
            for person in people
            for figure in ("natural", "named")
            if is_unusual(person, people, figure)
        }
        spans = {
            name: [own[name] for own in self._of.values() if "turns" in own] or [0]
            for name in ("turns", "received")
        }
        return {
            "unusual": len(unusual),
            **{f"{name}_fewest": min(span) for name, span in spans.items()},
            **{f"{name}_most": max(span) for name, span in spans.items()},
        }
