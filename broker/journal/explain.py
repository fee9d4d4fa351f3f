"""Tells a visit's story from the journal: when, what, by which rule, on what evidence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from broker.journal.chain import Entry
from broker.journal.entries import entries, open_read_only
from broker.journal.steps import POLICY, STEP, Step
from broker.rules import events as e
from broker.rules.policy import Policy
from broker.wording.decisions import CHINESE, ENGLISH, Teller
from shared.errors import OperatorError
from shared.privacy import mask_phone, mask_plate

_FACTS: Mapping[str, Mapping[type[e.Event], str]] = {
    CHINESE: {
        e.Arrived: "车辆到访 {plate}。",
        e.PlateCorrected: "车牌更正为 {plate}。",
        e.CheckedIn: "客户登记{who}。",
        e.VisitorCorrected: "客户更正了自己的信息{who}。",
        e.Acknowledged: "{consultant}确认，前往接待。",
        e.Finished: "接待结束。",
    },
    ENGLISH: {
        e.Arrived: "A car came: {plate}.",
        e.PlateCorrected: "The plate is really {plate}.",
        e.CheckedIn: "The visitor checked in{who}.",
        e.VisitorCorrected: "The visitor corrected who he is{who}.",
        e.Acknowledged: "{consultant} is on the way.",
        e.Finished: "The visit is over.",
    },
}
_ANSWERS = {
    CHINESE: "三问：首次到访 {first}；亲友来过 {family}；曾有联系 {contacted}；指名 {named}。",
    ENGLISH: "Answers: first visit {first}; family was here {family}; contacted {contacted}; "
    "named {named}.",
}
_SAID = {
    CHINESE: {"yes": "是", "no": "否", "unsure": "不清楚", "": "无"},
    ENGLISH: {"yes": "yes", "no": "no", "unsure": "not sure", "": "nobody"},
}
_REGISTERED = {
    CHINESE: "依据：登记 {id}，{owner}，{registered} 登记，最近接待 {received}{marks}。",
    ENGLISH: "Evidence: registration {id}, {owner}, entered {registered}, "
    "last received {received}{marks}.",
}
_MARKS = {
    CHINESE: {"is_late": "，到访后录入", "is_overruled": "，已被裁定推翻"},
    ENGLISH: {"is_late": ", entered after the arrival", "is_overruled": ", overruled"},
}
_RULED = {CHINESE: "判客 {rule}{flags}：", ENGLISH: "Decided by {rule}{flags}: "}


@dataclass(slots=True)
class Story:
    """What is known while the journal is read: the names and the policy of that moment."""

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
                self.names |= {one.id: one.name for one in event.consultants}
            if getattr(event, "visit_id", None) == self.visit_id:
                yield self._at(event.at) + self._told(event)
            if isinstance(event, e.Decided) and event.visit_id == self.visit_id:
                yield from self._evidence(step, event)

    def _told(self, event: Any) -> str:
        teller = Teller(self.names, self.policy, self.language)
        if isinstance(event, e.Decided):
            flags = f" [{' '.join(event.flags)}]" if event.flags else ""
            head = _RULED[self.language].format(rule=event.rule, flags=flags)
            return head + teller.decision(event)
        if isinstance(event, e.Notice):
            return teller.notice(event)
        words = {
            "plate": mask_plate(getattr(event, "plate", None) or ""),
            "consultant": self._name(getattr(event, "consultant_id", None)),
            "who": self._who(event),
        }
        return _FACTS[self.language][type(event)].format_map(words)

    def _who(self, event: Any) -> str:
        name = getattr(event, "surname", None)
        phone = getattr(event, "phone", None)
        salutation = (getattr(event, "salutation", None) or "") if name else ""
        parts = [f"{name or ''}{salutation}", mask_phone(phone) if phone else ""]
        return "".join(f" {part}" for part in parts if part)

    def _answers(self, check_in: Any) -> str:
        said = _SAID[self.language]
        return _ANSWERS[self.language].format(
            first=said[check_in.first_visit],
            family=said[check_in.family],
            contacted=said[check_in.contacted],
            named=self._name(check_in.named) or said[""],
        )

    def _evidence(self, step: Step, event: e.Decided) -> Iterator[str]:
        """The registrations that were looked up for this decision, whether they counted or not."""
        for one in step.known.registrations:
            marks = "".join(
                words for name, words in _MARKS[self.language].items() if getattr(one, name)
            )
            yield self._at(event.at) + _REGISTERED[self.language].format(
                id=one.registration_id,
                owner=self._name(one.consultant_id),
                registered=self._moment(one.registered_at),
                received=self._moment(one.received_at),
                marks=marks,
            )

    def _name(self, consultant_id: str | None) -> str:
        return self.names.get(consultant_id or "", consultant_id or "")

    def _moment(self, at: datetime) -> str:
        return f"{self.policy.local(at):%Y-%m-%d %H:%M}"

    def _at(self, at: datetime) -> str:
        return f"{self.policy.local(at):%Y-%m-%d %H:%M:%S}  "


def explain(path: Path, visit_id: str, language: str, tell: Callable[[str], None]) -> int:
    """Tell the story of the visit; 1 when the journal knows none of this id."""
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
    """One line for each thing that happened in this visit, in order."""
    teller = Story(visit_id, language)
    for entry in journal:
        if entry.kind == POLICY:
            teller.policy = msgspec.json.decode(entry.body, type=Policy)
        elif entry.kind == STEP and (visit_id in entry.body or "roster_set" in entry.body):
            yield from teller.lines(msgspec.json.decode(entry.body, type=Step))
