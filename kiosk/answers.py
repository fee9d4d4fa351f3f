"""What one visitor answered, and how a page's form is read into it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kiosk import questions
from kiosk.questions import NAMING, QUESTIONS, Step, Turns
from kiosk.roster import consultant_on_card, consultants_like
from shared.errors import BadValueError
from shared.messages import Answer3, Evidence, OfferedCar, RosterEntry
from shared.name import one_line
from shared.phone import normalize_phone
from shared.plate import is_plausible, normalize

NEEDS = ("umbrella", "wheelchair")
LARGEST_PARTY = 7
"""The last tile reads "7 or more"."""
LONGEST_NAME = 30
LONGEST_PLATE = 16

Form = Mapping[str, str]


class AnswersError(Exception):
    """Fields that the visitor can correct, each with the key of the sentence that says how."""

    def __init__(self, **problems: str) -> None:
        super().__init__(", ".join(f"{name}: {key}" for name, key in problems.items()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Named:
    """A consultant of the house, a name as it was typed, or nobody."""

    consultant: RosterEntry | None = None
    text: str | None = None
    has_card: bool = False
    """Their card was scanned."""


NOBODY = Named()


@dataclass(frozen=True, slots=True)
class Details:
    """What visitors may tell about themselves after their consent; everything is optional."""

    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    party_size: int | None = None
    needs: tuple[str, ...] = ()
    drinks: tuple[str, ...] = ()
    family_phone: str | None = None
    """Of the family member who was here before."""
    agrees_across: bool = False
    """Their phone may be compared with the group's other projects."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One visitor's answers so far; ``passed`` are the pages that are completed."""

    language: str
    is_larger: bool = False
    """Larger text, read aloud."""
    passed: frozenset[Step] = frozenset()
    given: Mapping[Step, Answer3] = field(default_factory=dict)
    named: Mapping[Step, Named] = field(default_factory=dict)
    """Whom they named, by page."""
    evidence: Evidence | None = None
    car: OfferedCar | None = None
    types_plate: bool = False
    consented_at: datetime | None = None
    asks_care: bool = False
    """They left nothing about themselves, but would like a drink or help."""
    guest: str | None = None
    """What their invitation holds: they need not be asked."""
    plate: str | None = None
    details: Details = field(default_factory=Details)

    @property
    def patience(self) -> int:
        """How many times the usual seconds pass before they count as gone: they read slowly."""
        return 2 if self.is_larger else 1

    def path(self) -> tuple[Step, ...]:
        """The pages of this visitor, in order."""
        has_card = self.named.get(Step.CONSULTANT, NOBODY).has_card
        has_consent = self.consented_at is not None
        turns = Turns(has_card, self.types_plate, has_consent, self.asks_care)
        return questions.path(self.given, turns)

    @property
    def has_family(self) -> bool:
        """Whether they say that family or friends were here."""
        return self.given.get(Step.FAMILY) is Answer3.YES

    def named_on(self, step: Step) -> Named:
        """Whom they named on ``step``; nobody if a changed answer has closed that page."""
        return self.named.get(step, NOBODY) if step in self.path() else NOBODY

    def due(self) -> Step | None:
        """The first page that is not completed; None: the check-in is complete."""
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
        """Whether ``step`` is completed or due: nobody jumps ahead."""
        return step in self.path() and (step in self.passed or step == self.due())


@dataclass(frozen=True, slots=True)
class Page:
    """One form as it was sent: when, and what the visitor could choose from."""

    form: Form
    at: datetime
    site: str = ""
    consultants: tuple[RosterEntry, ...] = ()
    cars: tuple[OfferedCar, ...] = ()
    drinks: tuple[str, ...] = ()
    salutations: tuple[str, ...] = ()

    @property
    def is_skipped(self) -> bool:
        """The visitor tapped "skip"."""
        return "skip" in self.form

    def text(self, name: str, longest: int) -> str | None:
        """A field on one line, without outer blanks; None when there is nothing to see in it.

        Raises:
            AnswersError: it is longer than ``longest``.
        """
        plain = one_line(self.form.get(name, "")).strip()
        if len(plain) > longest:
            raise AnswersError(**{name: "problem.long"})
        return plain or None

    def ticked(self, name: str, offered: tuple[str, ...]) -> tuple[str, ...]:
        """Those of ``offered`` whose boxes were ticked."""
        return tuple(value for value in offered if f"{name}.{value}" in self.form)


def read_page(answers: Answers, step: Step, page: Page) -> Answers:
    """``answers`` with what ``page`` says on ``step``, which is completed then.

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


def _read_consultant(answers: Answers, step: Step, page: Page) -> Answers:
    return replace(answers, named={**answers.named, step: _named_on(page)})


def _named_on(page: Page) -> Named:
    """A tile, a scanned card, or a name that was typed."""
    if page.is_skipped:
        return NOBODY
    if card := page.form.get("card"):
        return Named(_on_card(card, page), has_card=True)
    if chosen := [
        entry for entry in page.consultants if entry.consultant_id == page.form.get("consultant")
    ]:
        return Named(chosen[0])
    if (typed := page.text("named_text", LONGEST_NAME)) is None:
        raise AnswersError(named_text="problem.consultant")
    meant = consultants_like(typed, page.consultants)
    return Named(meant[0]) if len(meant) == 1 else Named(text=typed)


def _on_card(card: str, page: Page) -> RosterEntry:
    if (entry := consultant_on_card(card, page.site, page.consultants)) is None:
        raise AnswersError(named_text="problem.card")
    return entry


def _read_evidence(answers: Answers, _step: Step, page: Page) -> Answers:
    if page.is_skipped:
        return replace(answers, evidence=None)
    try:
        return replace(answers, evidence=Evidence(page.form.get("evidence", "")))
    except ValueError:
        raise AnswersError(evidence="problem.choose") from None


def _read_car(answers: Answers, _step: Step, page: Page) -> Answers:
    """A car that was offered, the wish to type a plate, or no car; each drops the others."""
    afoot = replace(answers, car=None, types_plate=False, plate=None)
    if chosen := page.form.get("arrival"):
        # The car chosen before stays chosen, though it is no longer offered to anybody.
        for car in (*page.cars, *filter(None, [answers.car])):
            if car.arrival_id == chosen:
                return replace(afoot, car=car)
        raise AnswersError(car="problem.car")
    match page.form.get("car"):
        case "type":
            return replace(afoot, types_plate=True, plate=answers.plate)
        case "none":
            return afoot
        case _:
            raise AnswersError(car="problem.choose")


def _read_consent(answers: Answers, _step: Step, page: Page) -> Answers:
    """When consent is refused or taken back, nothing that was typed remains."""
    match page.form.get("consent"):
        case "yes":
            consented_at = answers.consented_at or page.at
            return replace(answers, consented_at=consented_at, asks_care=False)
        case "no" | "care" as refused:
            bare = replace(answers, consented_at=None, plate=None, details=Details())
            return replace(bare, asks_care=refused == "care")
        case _:
            raise AnswersError(consent="problem.choose")


def _read_plate(answers: Answers, _step: Step, page: Page) -> Answers:
    """A whole plate, or none: the car has no plate, or the visitor would rather not say."""
    if page.is_skipped:
        return replace(answers, plate=None)
    plate = normalize(page.text("plate", LONGEST_NAME) or "")
    if len(plate) > LONGEST_PLATE or not is_plausible(plate):
        raise AnswersError(plate="problem.plate")
    return replace(answers, plate=plate)


def _read_details(answers: Answers, _step: Step, page: Page) -> Answers:
    if page.is_skipped:
        return replace(answers, details=Details())
    salutation, size = page.form.get("salutation"), page.form.get("party_size", "")
    details = Details(
        phone=_phone(page, "phone"),
        surname=page.text("surname", LONGEST_NAME),
        salutation=salutation if salutation in page.salutations else None,
        party_size=int(size) if re.fullmatch(f"[1-{LARGEST_PARTY}]", size) else None,
        needs=page.ticked("need", NEEDS),
        drinks=page.ticked("drink", page.drinks),
        family_phone=_phone(page, "family_phone") if answers.has_family else None,
        agrees_across=bool(page.ticked("across", ("group",))),
    )
    return replace(answers, details=details)


def _read_care(answers: Answers, _step: Step, page: Page) -> Answers:
    """What is brought to them; it says nothing about who they are, so it needs no consent."""
    needs, drinks = page.ticked("need", NEEDS), page.ticked("drink", page.drinks)
    return replace(answers, details=Details(needs=needs, drinks=drinks))


def _phone(page: Page, name: str) -> str | None:
    if (text := page.text(name, LONGEST_NAME)) is None:
        return None
    try:
        return normalize_phone(text)
    except BadValueError:
        raise AnswersError(**{name: "problem.phone"}) from None


READERS: Mapping[Step, Callable[[Answers, Step, Page], Answers]] = {
    **{question.step: _read_question for question in QUESTIONS},
    **dict.fromkeys(NAMING, _read_consultant),
    Step.EVIDENCE: _read_evidence,
    Step.CAR: _read_car,
    Step.CONSENT: _read_consent,
    Step.PLATE: _read_plate,
    Step.DETAILS: _read_details,
    Step.CARE: _read_care,
}
