"""Tells a visit's story from the journal: when, what, by which rule, on what evidence."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from broker.journal.chain import Entry
from broker.journal.entries import entries, open_read_only
from broker.journal.steps import POLICY, STEP, Step, policy_in
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from broker.wording.decisions import Teller
from broker.wording.stories import fact
from shared.errors import OperatorError

_FACTS = (
    e.Arrived,
    e.PlateCorrected,
    e.CheckedIn,
    e.VisitorCorrected,
    e.KeysLearnt,
    e.Acknowledged,
    e.OwnerPhoned,
    e.FamilyLinked,
    e.Finished,
)
"""The facts that the story tells; each has a sentence ``story.…``."""
_MARKS = ("is_late", "is_overruled")


@dataclass(slots=True)
class Story:
    """What is known at this point of the journal: names and policy."""

    visit_id: str
    language: str
    names: dict[str, str] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)

    def lines(self, step: Step) -> Iterator[str]:
        """What ``step`` adds to the story."""
        is_asked = getattr(step.command, "visit_id", None) == self.visit_id
        if is_asked and hasattr(step.command, "first_visit"):
            yield self._at(step.command.at) + self._answers(step.command)
        for event in step.events:
            if isinstance(event, e.RosterSet):
                self.names |= {consultant.id: consultant.name for consultant in event.consultants}
            if getattr(event, "visit_id", None) == self.visit_id:
                yield self._at(event.at) + self._told(event)
            if isinstance(event, e.Decided) and event.visit_id == self.visit_id:
                yield from self._evidence(step, event)

    def _told(self, event: Any) -> str:
        if isinstance(event, e.Decided):
            flags = f" [{' '.join(event.flags)}]" if event.flags else ""
            head = self._teller.say("story.decided", rule=event.rule, flags=flags)
            return head + self._teller.decision(event)
        if isinstance(event, n.Notice):
            return self._teller.notice(event)
        return fact(self._teller, event)

    def _answers(self, check_in: Any) -> str:
        say = self._teller.say
        whom = dict.fromkeys((check_in.named, check_in.family_named))
        named = (self._teller.name(who) for who in whom if who)
        return say(
            "story.answers",
            first=say(f"story.answer_{check_in.first_visit}"),
            family=say(f"story.answer_{check_in.family}"),
            contacted=say(f"story.answer_{check_in.contacted}"),
            named=say("list.comma").join(named) or say("story.answer_nobody"),
        )

    def _evidence(self, step: Step, event: e.Decided) -> Iterator[str]:
        """The registrations looked up for this decision, whether they counted or not."""
        for registration in step.known.registrations:
            marks = [name for name in _MARKS if getattr(registration, name)]
            yield self._at(event.at) + self._teller.say(
                "story.registered",
                id=registration.registration_id,
                owner=self._teller.name(registration.consultant_id),
                registered=self._teller.moment(registration.registered_at),
                received=self._teller.moment(registration.received_at),
                marks="".join(self._teller.say(f"story.{name}") for name in marks),
            )

    @property
    def _teller(self) -> Teller:
        return Teller(self.names, self.policy, self.language)

    def _at(self, at: datetime) -> str:
        return f"{self.policy.local(at):%Y-%m-%d %H:%M:%S}  "


def explain(path: Path, visit_id: str, language: str, tell: Callable[[str], None]) -> int:
    """Tell the story of the visit.

    Raises:
        OperatorError: the journal knows no such visit, or an entry cannot be read.
    """
    with closing(open_read_only(path)) as db:
        try:
            lines = list(story(entries(db), visit_id, language))
        except msgspec.DecodeError as error:
            raise OperatorError("error.entry", path=path, problem=error) from error
    if not lines:
        raise OperatorError("error.no_visit", visit_id=visit_id)
    for line in lines:
        tell(line)
    return 0


def story(journal: Iterable[Entry], visit_id: str, language: str) -> Iterator[str]:
    """A line for each thing that happened in this visit, in order."""
    teller = Story(visit_id, language)
    for entry in journal:
        if entry.kind == POLICY:
            teller.policy = policy_in(entry.body)
        elif entry.kind == STEP and (visit_id in entry.body or "roster_set" in entry.body):
            yield from teller.lines(msgspec.json.decode(entry.body, type=Step))
