"""What ``yingbin doctor`` prints, as text or JSON."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from broker.doctor.access_table import access_lines
from broker.doctor.examination import Result, examine
from broker.doctor.last_examination import keep
from broker.doctor.patient import Kinds, Patient, admit
from broker.doctor.said import BETWEEN, said, title_of
from broker.health.site_figures import Condition
from shared.clock import now
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.words import DEFAULT_LANGUAGE, read_words

USUAL_FOLDERS = (Path("/etc/yingbin"), Path("data", "demo", "config"))
"""Where a real site's settings are, and those of a demo that was started in this folder."""


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


def main(words: list[str], terminal: Terminal, kinds: Kinds) -> int:
    """Make every check, or tell who may do what; 1 if something is wrong.

    Raises:
        OperatorError: there are no settings, or we may not read them.
    """
    say, parser = terminal.say, terminal.parser("yingbin doctor", "help.doctor")
    parser.add_argument("--config", type=Path, metavar="DIR", help=say("help.doctor_config"))
    parser.add_argument("--json", action="store_true", help=say("help.doctor_json"))
    parser.add_argument("--access", action="store_true", help=say("help.doctor_access"))
    parser.add_argument("--thorough", action="store_true", help=say("help.doctor_thorough"))
    asked, language = parser.parse_args(words), terminal.asked or DEFAULT_LANGUAGE
    if asked.access:
        for line in access_lines(language):
            terminal.tell(line)
        return 0
    patient = admit(settings_folder(asked.config), kinds, now, is_thorough=asked.thorough)
    tell_results = run_json if asked.json else run
    return tell_results(patient, terminal.tell, language=language)


def run(patient: Patient, tell: Callable[[str], None], *, language: str) -> int:
    """Make each check and ``tell`` its result; returns 1 if something is wrong."""
    words = read_words("broker")
    tell(words.say("doctor.title", language, folder=patient.folder))
    results = []
    for result in _examined(patient):
        results.append(result)
        remark = "" if result.found is not None else f" ({words.say('doctor.not_made', language)})"
        tell(f"{_MARKS[_state(result)]} {title_of(result.name, language)}{remark}")
        for finding in result.found or ():
            told = said(finding, language)
            tell(f"    {told.what}\n    {BETWEEN} {told.do}")
    tell(_verdict(results, language))
    return int(any(result.is_wrong for result in results))


def run_json(patient: Patient, tell: Callable[[str], None], *, language: str) -> int:
    """The same as a single JSON object."""
    results = list(_examined(patient))
    is_well = not any(result.is_wrong for result in results)
    checks = [
        {
            "check": result.name,
            "state": _state(result),
            "findings": [
                {
                    "key": finding.key,
                    "is_wrong": finding.is_wrong,
                    "state": finding.condition,
                    "what": (told := said(finding, language)).what,
                    "do": told.do,
                }
                for finding in result.found or ()
            ],
        }
        for result in results
    ]
    tell(json.dumps({"is_well": is_well, "checks": checks}, ensure_ascii=False))
    return 0 if is_well else 1


def _examined(patient: Patient) -> Iterator[Result]:
    """The results one by one; in the end they are kept for the page."""
    results = []
    for result in examine(patient):
        results.append(result)
        yield result
    if patient.hub is not None:
        keep(patient.database, results, patient.clock())


NOT_MADE = "not_checked"
_MARKS = {
    Condition.FINE: "✓",
    Condition.HINT: "!",
    Condition.WRONG: "✗",
    Condition.UNKNOWN: "?",
    NOT_MADE: "–",
}


def _state(result: Result) -> str:
    return NOT_MADE if result.found is None else result.condition


def _verdict(results: Iterable[Result], language: str) -> str:
    """All is well only where all is known to be: hints and what nobody knows are counted too."""
    found = Counter(finding.condition for result in results for finding in result.found or ())
    found[Condition.UNKNOWN] += sum(result.found is None for result in results)
    say = read_words("broker").say
    keys = [f"doctor.sum_{condition}" for condition in list(Condition)[:3]]
    parts = [
        say(key, language, count=found[condition])
        for key, condition in zip(keys, Condition, strict=False)
        if found[condition]
    ]
    return say("list.comma", language).join(parts) if parts else say("doctor.all_well", language)
