"""What the checks found, in words: what is wrong, and what to do."""

from dataclasses import dataclass

from broker.doctor.finding import Finding
from broker.figures import Standing
from shared.words import in_language, read_words

BETWEEN = "→"
"""In a finding's sentence, divides what is wrong from what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in one language."""

    key: str
    standing: Standing
    what: str
    do: str


def said(finding: Finding, language: str) -> Said:
    """``finding`` as who reads ``language`` is told."""
    words = read_words("broker")
    values = {name: in_language(value, language) for name, value in finding.values.items()}
    if (named := f"problem.{values.get('problem')}") in words:
        values["problem"] = words.say(named, language)
    what, do = words.say(f"doctor.{finding.key}", language, **values).rsplit(BETWEEN, 1)
    return Said(finding.key, finding.standing, what.strip(), do.strip())


def title_of(check: str, language: str) -> str:
    """What the check is called."""
    return read_words("broker").say(f"doctor.check_{check}", language)
