"""What the checks found, in words: what is wrong, and what to do."""

from dataclasses import dataclass

from broker.doctor.finding import Finding
from broker.health.site_figures import Condition, NodeName
from shared.words import Words, in_language, read_words

BETWEEN = "→"
"""In a finding's sentence, divides what is wrong from what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in one language."""

    key: str
    condition: Condition
    what: str
    do: str


def said(finding: Finding, language: str) -> Said:
    """``finding`` as who reads ``language`` is told."""
    words = read_words("broker")
    values = {name: _told(value, words, language) for name, value in finding.values.items()}
    if (named := f"problem.{values.get('problem')}") in words:
        values["problem"] = words.say(named, language)
    what, do = words.say(f"doctor.{finding.key}", language, **values).rsplit(BETWEEN, 1)
    return Said(finding.key, finding.condition, what.strip(), do.strip())


def _told(value: object, words: Words, language: str) -> object:
    if isinstance(value, NodeName):
        key = "node" if value.node_id else "kind"
        return words.say(f"{key}.{value.kind}", language, node_id=value.node_id)
    return in_language(value, language)


def title_of(check: str, language: str) -> str:
    """What the check is called."""
    return read_words("broker").say(f"doctor.check_{check}", language)
