"""What one visitor answered, and how a page's form is read into it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kiosk import questions
from kiosk.questions import QUESTIONS, Step
from shared.errors import OperatorError
from shared.messages import Answer3, Evidence, RosterEntry
from shared.plate import is_plausible, normalize
from shared.privacy import normalize_phone

SALUTATIONS = ("先生", "女士")
LARGEST_PARTY = 7
"""The last tile reads "7 or more"."""
LONGEST_NAME = 30
LONGEST_PLATE = 16

Form = Mapping[str, str]


class AnswersError(OperatorError):
    """Fields that the visitor can correct, each with the key of the sentence that says how."""

    def __init__(self, **problems: str) -> None:
        super().__init__(", ".join(f"{name}: {key}" for name, key in problems.items()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Details:
    """What a visitor may tell of himself once he has agreed; everything is optional."""

    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    party_size: int | None = None
    plate: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """One visitor's answers so far; ``passed`` are the pages that he has been through."""

    language: str
    passed: frozenset[Step] = frozenset()
    given: Mapping[Step, Answer3] = field(default_factory=dict)
    consultant: RosterEntry | None = None
    named_text: str | None = None
    evidence: Evidence | None = None
    consented_at: datetime | None = None
    details: Details = field(default_factory=Details)

    def path(self) -> tuple[Step, ...]:
        """The pages of this visitor, in order."""
        return questions.path(self.given, has_consent=self.consented_at is not None)

    def due(self) -> Step | None:
        """The first page not passed yet; None: the check-in is complete."""
        return next((step for step in self.path() if step not in self.passed), None)

    def before(self, step: Step) -> Step | None:
        """The page before ``step``; None before the first."""
        way = self.path()
        return way[way.index(step) - 1] if step in way[1:] else None

    def after(self, step: Step) -> Step | None:
        """The page after ``step``; None after the last."""
        way = self.path()
        return way[way.index(step) + 1] if step in way[:-1] else None

    def may_see(self, step: Step) -> bool:
        """Whether ``step`` was passed or is the one due: nobody jumps ahead."""
        return step in self.path() and (step in self.passed or step == self.due())


@dataclass(frozen=True, slots=True)
class Page:
    """One form as it came in: when, and from which consultants the visitor could choose."""

    form: Form
    at: datetime
    consultants: tuple[RosterEntry, ...] = ()

    @property
    def is_skipped(self) -> bool:
        """The visitor tapped "skip"."""
        return "skip" in self.form

    def text(self, name: str, longest: int) -> str | None:
        """A field without control characters and outer blanks; None when nothing is left."""
        plain = "".join(sign for sign in self.form.get(name, "") if sign.isprintable())
        return plain.strip()[:longest] or None


def read_page(answers: Answers, step: Step, page: Page) -> Answers:
    """``answers`` with what ``page`` says on ``step``, which counts as passed then.

    Raises:
        AnswersError: something has to be corrected first.
    """
    read = READERS[step](answers, step, page)
    return replace(read, passed=answers.passed | {step})


def _read_question(answers: Answers, step: Step, page: Page) -> Answers:
    try:
        answer = Answer3(page.form.get("answer", ""))
    except ValueError:
        raise AnswersError(answer="problem.choose") from None
    return replace(answers, given={**answers.given, step: answer})


def _read_consultant(answers: Answers, _step: Step, page: Page) -> Answers:
    """A tile, or a name that was typed; a typed name that is in the roster is that consultant."""
    if page.is_skipped:
        return replace(answers, consultant=None, named_text=None)
    chosen, typed = page.form.get("consultant"), page.text("named_text", LONGEST_NAME)
    for entry in page.consultants:
        if chosen == entry.consultant_id or (chosen is None and typed == entry.name):
            return replace(answers, consultant=entry, named_text=None)
    if typed is None:
        raise AnswersError(named_text="problem.consultant")
    return replace(answers, consultant=None, named_text=typed)


def _read_evidence(answers: Answers, _step: Step, page: Page) -> Answers:
    if page.is_skipped:
        return replace(answers, evidence=None)
    try:
        return replace(answers, evidence=Evidence(page.form.get("evidence", "")))
    except ValueError:
        raise AnswersError(evidence="problem.choose") from None


def _read_consent(answers: Answers, _step: Step, page: Page) -> Answers:
    """A refusal, or a consent taken back, leaves no details behind."""
    match page.form.get("consent"):
        case "yes":
            return replace(answers, consented_at=answers.consented_at or page.at)
        case "no":
            return replace(answers, consented_at=None, details=Details())
        case _:
            raise AnswersError(consent="problem.choose")


def _read_details(answers: Answers, _step: Step, page: Page) -> Answers:
    if page.is_skipped:
        return replace(answers, details=Details())
    problems: dict[str, str] = {}
    phone, plate = _phone(page, problems), _plate(page, problems)
    if problems:
        raise AnswersError(**problems)
    salutation, size = page.form.get("salutation"), page.form.get("party_size", "")
    details = Details(
        phone=phone,
        surname=page.text("surname", LONGEST_NAME),
        salutation=salutation if salutation in SALUTATIONS else None,
        party_size=int(size) if re.fullmatch(f"[1-{LARGEST_PARTY}]", size) else None,
        plate=plate,
    )
    return replace(answers, details=details)


def _phone(page: Page, problems: dict[str, str]) -> str | None:
    if (text := page.text("phone", LONGEST_NAME)) is None:
        return None
    try:
        return normalize_phone(text)
    except OperatorError:
        problems["phone"] = "problem.phone"
        return None


def _plate(page: Page, problems: dict[str, str]) -> str | None:
    if (text := page.text("plate", LONGEST_NAME)) is None:
        return None
    plate = normalize(text)
    if len(plate) > LONGEST_PLATE or not is_plausible(plate):
        problems["plate"] = "problem.plate"
        return None
    return plate


READERS: Mapping[Step, Callable[[Answers, Step, Page], Answers]] = {
    **{question.step: _read_question for question in QUESTIONS},
    Step.CONSULTANT: _read_consultant,
    Step.EVIDENCE: _read_evidence,
    Step.CONSENT: _read_consent,
    Step.DETAILS: _read_details,
}
