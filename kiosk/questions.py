"""The three questions (问岗三问) and what each answer opens: one row for each question. Pure.

The rows keep the order of the manual (000, article 1.2), the catalogue keeps its words. Who
received the family is asked apart; a check-in names one consultant of the visitor's own at most, so
that follow-up is asked once, whatever opens it.

The car comes after them and before the consent: a car that the gate has seen takes one tap and no
typing, so it needs no consent. Visitors who would rather type their plate are asked for consent
first, as before any typing, and then come to the plate's keyboard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.messages import Answer3


class Step(StrEnum):
    """A page of the visitor's way, in order."""

    FIRST_VISIT = "first_visit"
    FAMILY = "family"
    CONTACTED = "contacted"
    FAMILY_CONSULTANT = "family_consultant"
    """Who received their family or friends?"""
    CONSULTANT = "consultant"
    """Who received or contacted them?"""
    EVIDENCE = "evidence"
    """What shows it: a text message, a card, WeChat (000-3)?"""
    CAR = "car"
    """Which of the cars that just came is theirs?"""
    CONSENT = "consent"
    PLATE = "plate"
    DETAILS = "details"
    CARE = "care"
    """Drinks and help for who would rather leave nothing about themselves."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the three; ``opens`` says which answers lead to follow-ups."""

    step: Step
    opens: Mapping[Answer3, tuple[Step, ...]] = field(default_factory=dict)


QUESTIONS = (
    Question(Step.FIRST_VISIT, opens={Answer3.NO: (Step.CONSULTANT,)}),
    Question(Step.FAMILY, opens={Answer3.YES: (Step.FAMILY_CONSULTANT,)}),
    Question(Step.CONTACTED, opens={Answer3.YES: (Step.CONSULTANT, Step.EVIDENCE)}),
)

NAMING = (Step.FAMILY_CONSULTANT, Step.CONSULTANT)
"""The pages on which a consultant is named."""

STAGES = 5
"""How many the progress shows, however long a visitor's own way is: it never grows."""
_STAGE = {
    Step.FIRST_VISIT: 1,
    Step.FAMILY: 2,
    **dict.fromkeys((Step.CONTACTED, *NAMING, Step.EVIDENCE), 3),
    Step.CAR: 4,
}


def stage_of(step: Step) -> int:
    """Which of the stages ``step`` belongs to, from 1."""
    return _STAGE.get(step, STAGES)


Given = Mapping[Step, Answer3]
"""The answers given so far, by question."""


def openers(given: Given, follow_up: Step) -> tuple[Step, ...]:
    """The questions whose answers open ``follow_up``, in order."""
    return tuple(
        question.step
        for question in QUESTIONS
        if question.step in given and follow_up in question.opens.get(given[question.step], ())
    )


@dataclass(frozen=True, slots=True)
class Turns:
    """What decides the way besides the three answers."""

    has_card: bool = False
    """The consultant's card was scanned: that is the evidence."""
    types_plate: bool = False
    has_consent: bool = False
    asks_care: bool = False
    """Without consent, they ask for a drink or help."""


def path(given: Given, turns: Turns) -> tuple[Step, ...]:
    """The pages from the first question to the last, as far as the answers tell."""
    is_open = {
        **{step: bool(openers(given, step)) for step in NAMING},
        Step.EVIDENCE: bool(openers(given, Step.EVIDENCE)) and not turns.has_card,
        Step.PLATE: turns.types_plate and turns.has_consent,
        Step.DETAILS: turns.has_consent,
        Step.CARE: turns.asks_care and not turns.has_consent,
    }
    return tuple(step for step in Step if is_open.get(step, True))
