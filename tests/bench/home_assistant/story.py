"""What Home Assistant shall show of a site, through kills and freezes: one story."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import yaml

from tests.bench.home_assistant.automation import Automation
from tests.bench.home_assistant.scenes import automation_of_readme, scene_problems
from tests.site import RunningSite
from tests.staff_browser import StaffBrowser
from tests.waiting import eventually

FEWEST = 27
HUB, GATE = "binary_sensor.yingbin_demo_hub", "binary_sensor.yingbin_demo_gate_north"
ARRIVAL, COUNTS = "event.yingbin_demo_arrival", "sensor.yingbin_demo_waiting_visitors"
AUTOMATIONS = [
    {
        "id": "light",
        "alias": "light",
        "use_blueprint": {
            "path": "yingbin/light_at_arrival.yaml",
            "input": {"arrival": ARRIVAL, "light": "input_boolean.light", "gate": "north"},
        },
    },
    {
        "id": "tea",
        "alias": "tea",
        "use_blueprint": {
            "path": "yingbin/customer_of.yaml",
            "input": {
                "customer": [],
                "todo": [
                    {
                        "action": "input_boolean.turn_on",
                        "target": {"entity_id": "input_boolean.tea"},
                    }
                ],
            },
        },
    },
    {
        "id": "gone",
        "alias": "gone",
        "use_blueprint": {
            "path": "yingbin/somebody_is_gone.yaml",
            "input": {"device_there": [HUB, GATE], "minutes": 60},
        },
    },
]


def problems(automation: Automation, site: RunningSite) -> Iterator[str]:
    """What is not as it shall be, in the order of one story."""
    seen = automation.look
    if not eventually(lambda: len(seen()) >= FEWEST, within_s=90):
        yield f"only {len(seen())} entities"
    print(f"  {len(seen())} entities")
    yield from (f"{name} has no good id" for name in seen() if name.count("demo") != 1)
    yield from _automations(automation, site)
    for name in (HUB, GATE):
        if not automation.comes_to(name, "on"):
            yield f"{name} is not on"
    yield from _cars(automation)
    yield from scene_problems(automation, site)
    yield from _leaver(automation, site)
    yield from _gone(automation, site, "m broker hub", HUB, spared=GATE)
    yield from _gone(automation, site, "m gate --config", GATE, spared=HUB)
    for name, states in automation.seen.items():
        is_presence = name.startswith("binary_sensor.") and not name.endswith("_problem")
        if is_presence and "unavailable" in states:
            yield f"{name} was unavailable: {states}"
    yield from automation.complaints


def _automations(automation: Automation, site: RunningSite) -> Iterator[str]:
    """Begin each blueprint, the device's trigger in one of them, and the README's for scenes."""
    offered = automation.triggers(automation.device_of(HUB))
    print("  triggers:", ", ".join(f'"{each["subtype"]}" {each["type"]}' for each in offered))
    if not any("客户" in each["type"] for each in offered):
        yield "no trigger for a consultant's customer"
    keys = ("trigger", "platform", "domain", "device_id", "type", "subtype")
    begun: list[dict[str, Any]] = json.loads(json.dumps(AUTOMATIONS))
    begun[1]["use_blueprint"]["input"]["customer"] = [
        {key: each[key] for key in keys if key in each}
        for each in offered
        if "客户" in each["type"]
    ]
    path = automation.folder / "automations.yaml"
    begun.append(automation_of_readme(site.site))
    path.write_text(yaml.safe_dump(begun, allow_unicode=True), encoding="utf-8")
    automation.ask("/api/services/automation/reload", {})


def _cars(automation: Automation) -> Iterator[str]:
    """A car is an event with a masked plate, and begins what hangs on it."""

    def came() -> bool:
        attributes = automation.look().get(ARRIVAL, {}).get("attributes", {})
        return bool(attributes.get("event_type") == "arrival")

    if not eventually(came):
        yield "no arrival was shown"
        return
    shown = automation.look()[ARRIVAL]["attributes"]
    print(f"  arrival: {shown['plate']} at {shown['gate']}")
    if "*" not in shown["plate"]:
        yield f"the plate is not masked: {shown['plate']}"
    for name in ("light", "tea"):
        lit = lambda name=name: automation.ask(f"/api/states/input_boolean.{name}")["state"] == "on"  # noqa: E731
        if not eventually(lit, within_s=120):
            yield f"the automation {name} did not run"


def _leaver(automation: Automation, site: RunningSite) -> Iterator[str]:
    """Who leaves the company is there no more, and everybody else is."""
    chief, *_ = (each for each in site.said["people"] if "manager" in each["roles"])
    person = next(each["staff_id"] for each in site.said["people"] if each is not chief)
    theirs = f"binary_sensor.yingbin_demo_staff_{person}"
    before = set(automation.look())
    browser = StaffBrowser(str(site.said["console"]))
    browser.log_in(chief["staff_id"], chief["pin"])
    browser.post(f"/settings/people/{person}/leave")
    gone = {theirs, f"{theirs}_problem"}
    if not eventually(lambda: before - set(automation.look()) == gone, within_s=60):
        yield f"{person} left, and {before - set(automation.look())} are gone"


def _gone(
    automation: Automation, site: RunningSite, words: str, shown: str, *, spared: str
) -> Iterator[str]:
    """Freeze it, wake it, kill it: «off» each time and «on» again, and nobody else's."""
    before, frozen = len(automation.seen[spared]), site.pids(words)
    counts = "unavailable" if shown == HUB else automation.look()[COUNTS]["state"]
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in frozen if number is signal.SIGSTOP else site.pids(words):
            os.kill(pid, number)
        if not automation.comes_to(shown, "off"):
            yield f"{shown} is {automation.look()[shown]['state']} after {number.name}"
        if number is signal.SIGSTOP and not automation.comes_to(COUNTS, counts, within_s=10):
            yield f"the counts are not {counts} while {words} is frozen"
        for pid in frozen if number is signal.SIGSTOP else ():
            os.kill(pid, signal.SIGCONT)
        if not automation.comes_to(shown, "on"):
            yield f"{shown} does not come back after {number.name}"
    if len(automation.seen[spared]) != before:
        yield f"{spared} changed beside it: {automation.seen[spared]}"
