"""Why a visit went to whom it went to, for whoever asks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of a decision, as a consultant may ask for them (为什么是我 / 不是我)."""

    rule: str
    sentence: str
    """The decision in one sentence, in the language that was asked for."""
    reason: str
    """Why the asking consultant was chosen or was not: a key of ``broker/rules/why.py``."""
    host_name: str | None
    owner_name: str | None
    place: int | None
    """The asking consultant's place in the line at that moment."""
