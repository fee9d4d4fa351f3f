"""Whether a scenario tells what its author expects, and how it differs."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict

from broker.scenarios.output import OutputLine
from broker.scenarios.scenario_steps import Expect, ScenarioStep
from shared.words import Sentence


def problems(
    told: Sequence[OutputLine], line: tuple[str, ...], step: ScenarioStep
) -> Iterator[str]:
    """Where what was ``told`` so far, or the line, differs from what the step expects."""
    if step.expect_queue is not None and line != step.expect_queue:
        wanted_line = listed(step.expect_queue)
        yield Sentence("scenario.other_line", expected=wanted_line, found=listed(line))
    if step.expect is None:
        return
    wanted = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(step.expect).items()
        if value is not UNSET
    }
    candidates = _candidates(told, step.expect)
    if not any(_differences(candidate.line, wanted) == [] for candidate in candidates):
        latest = candidates[-1].line if candidates else {}
        different = reduce(_both, _differences(latest, wanted))
        why = latest.get("why")
        yield Sentence("scenario.because", problem=different, why=why) if why else different


def _candidates(told: Sequence[OutputLine], expect: Expect) -> list[OutputLine]:
    """The latest decision (on that visit), or the last step's events of that name."""
    if expect.event is UNSET:
        decisions = [decision for decision in told if decision.is_decision]
        if expect.visit is not UNSET:
            decisions = [
                decision for decision in decisions if decision.line["visit"] == expect.visit
            ]
        return decisions[-1:]
    events = [event for event in told if event.line.get("event") == expect.event]
    return [event for event in events if event.step == events[-1].step]


def _both(first: str, second: str) -> str:
    return Sentence("scenario.both", first=first, second=second)


def _differences(line: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for key, value in wanted.items():
        is_same = key in line and _comparable(line[key]) == _comparable(value)
        if not is_same:
            is_now = _shown(line.get(key))
            found.append(
                Sentence("scenario.other_value", field=key, expected=_shown(value), found=is_now)
            )
    return found


def _comparable(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return listed(tuple(value))
    return str(value) if value else Sentence("scenario.nobody")


def listed(names: tuple[str, ...]) -> str:
    """``names`` as a scenario file writes them."""
    return f"[{', '.join(names)}]"
