"""What ``yingbin doctor`` prints, as text or JSON."""

import json
from collections.abc import Callable
from pathlib import Path

from broker.doctor.examination import Result, examine
from broker.doctor.finding import Finding
from broker.doctor.patient import Kinds, admit
from shared.clock import Clock
from shared.errors import OperatorError
from shared.words import Words, in_language, read_words

USUAL_FOLDERS = (Path("/etc/yingbin"), Path("data", "demo", "config"))
"""Where a real site's settings are, and those of a demo that was started in this folder."""
BETWEEN = "→"
"""In a finding's sentence, divides what is wrong from what to do."""


def settings_folder(given: Path | None) -> Path:
    """The folder with the settings to look at: ``given``, or the usual one.

    Raises:
        OperatorError: there are none, or we may not read them.
    """
    folders = (given,) if given else USUAL_FOLDERS
    asked = ", ".join(map(str, folders))
    try:
        found = [
            place
            for place in folders
            if (place / "hub.toml").exists() or (given and place.is_dir())
        ]
    except PermissionError as error:
        raise OperatorError("error.settings_forbidden", path=asked) from error
    if not found:
        raise OperatorError("error.settings_folder", path=asked)
    return found[0]


def run(
    folder: Path, edge_kinds: Kinds, clock: Clock, tell: Callable[[str], None], *, language: str
) -> int:
    """Make each check and ``tell`` its result; returns 1 if something is wrong."""
    words = read_words("broker")
    tell(words.say("doctor.title", language, folder=folder))
    wrong_count = 0
    for result in examine(admit(folder, edge_kinds, clock)):
        wrong_count += sum(finding.is_wrong for finding in result.found or ())
        name = words.say(f"doctor.check_{result.name}", language)
        remark = "" if result.found is not None else f" ({words.say('doctor.not_made', language)})"
        tell(f"{_mark(result)} {name}{remark}")
        for finding in result.found or ():
            what, do = _said(finding, words, language)
            tell(f"    {what}\n    {BETWEEN} {do}")
    verdict = "doctor.to_do" if wrong_count else "doctor.all_well"
    tell(words.say(verdict, language, count=wrong_count))
    return 1 if wrong_count else 0


def run_json(
    folder: Path, edge_kinds: Kinds, clock: Clock, tell: Callable[[str], None], *, language: str
) -> int:
    """The same as a single JSON object."""
    words = read_words("broker")
    results = list(examine(admit(folder, edge_kinds, clock)))
    is_well = not any(result.is_wrong for result in results)
    checks = [
        {
            "check": result.name,
            "state": _STATES[_mark(result)],
            "findings": [
                {"key": finding.key, "is_wrong": finding.is_wrong}
                | dict(zip(("what", "do"), _said(finding, words, language), strict=True))
                for finding in result.found or ()
            ],
        }
        for result in results
    ]
    tell(json.dumps({"is_well": is_well, "checks": checks}, ensure_ascii=False))
    return 0 if is_well else 1


_STATES = {"✓": "fine", "!": "hint", "✗": "wrong", "–": "not_checked"}


def _mark(result: Result) -> str:
    if result.found is None:
        return "–"
    if result.is_wrong:
        return "✗"
    return "!" if result.found else "✓"


def _said(finding: Finding, words: Words, language: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    values = {name: in_language(value, language) for name, value in finding.values.items()}
    what, do = words.say(f"doctor.{finding.key}", language, **values).rsplit(BETWEEN, 1)
    return what.strip(), do.strip()
