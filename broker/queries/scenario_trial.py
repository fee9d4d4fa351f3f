"""Tries other house rules on the site's own scenarios: days that its manager wrote down."""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from broker.console.settings_view import OtherDecision
from broker.rules.policy import Policy
from broker.scenarios.runner import run_scenario
from broker.scenarios.scenario_file import read_scenario
from broker.scenarios.scenario_steps import Scenario
from shared.errors import OperatorError

log = logging.getLogger(__name__)

FOLDER = "scenarios"
"""Beside the site's settings."""
MOST = 50
"""A page waits for them."""
_MEANT = ("event", "rule", "owner", "host", "consultant", "turn_used")
"""What of a line concerns people."""


def tried_on_scenarios(
    folder: Path, before: Policy, after: Policy, language: str
) -> tuple[int, tuple[OtherDecision, ...]]:
    """How many scenarios could be tried, and what ``after`` decides otherwise in them.

    Their own ``site`` gives way to the site's rules.
    """
    count, others = 0, list[OtherDecision]()
    for path in sorted(folder.glob("*.yaml"))[:MOST]:
        try:
            scenario = read_scenario(path.read_text(encoding="utf-8-sig"), path.name)
            was, now = (_decided(scenario, policy, language) for policy in (before, after))
        except (OSError, UnicodeDecodeError, OperatorError) as error:
            log.warning("a scenario is not tried: %s", error)
            continue
        count += 1
        others += _others(path.stem, was, now)
    return count, tuple(others)


def _decided(scenario: Scenario, policy: Policy, language: str) -> dict[str, dict[str, Any]]:
    """The last line about each visit that gives somebody a turn or takes one."""
    told = run_scenario(replace(scenario, site=policy), "", language).told
    lines = (each.line for each in told)
    return {
        str(line["visit"]): line
        for line in lines
        if "rule" in line or line.get("event") == "passed_over"
    }


def _others(
    name: str, was: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]
) -> Iterator[OtherDecision]:
    for visit in dict.fromkeys([*was, *now]):
        lines = was.get(visit, {}), now.get(visit, {})
        if any(lines[0].get(key) != lines[1].get(key) for key in _MEANT):
            at = datetime.fromisoformat((lines[0] or lines[1])["at"])
            yield OtherDecision(at, f"{name} · {visit}", *(line.get("why") for line in lines))
