"""A duty whose doer is a scene of Home Assistant, which runs it and reports back."""

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import yaml

from tests.bench.home_assistant.automation import Automation
from tests.site import ROOT, RunningSite
from tests.staff_browser import StaffBrowser
from tests.waiting import eventually

DEVICE, VALUE, LAMP = "vip_lights", "film", "input_boolean.lamp"
ZONE = ZoneInfo("Asia/Shanghai")
SCENES = f"scene:\n  - name: {DEVICE}_{VALUE}\n    entities:\n      {LAMP}: 'on'\n"
"""What the house has of its own; the automation is the README's."""


def automation_of_readme(site: str) -> dict[str, object]:
    """The automation that the README shows, for this site."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(alias: Yingbin scenes\n.*?)```", text, re.DOTALL)
    assert block
    found: dict[str, object] = yaml.safe_load(block[1].replace("/SITE/", f"/{site}/"))
    return {"id": "scenes", **found}


def scene_problems(automation: Automation, site: RunningSite) -> Iterator[str]:
    """A duty for the device is written by page; what is not as it shall be a minute later."""
    _write_duty(site)
    if not eventually(lambda: bool(_events(automation)), within_s=60):
        yield f"no event for {DEVICE}"
        return
    print("  scene:", *_events(automation))
    if not eventually(lambda: _is_lit(automation), within_s=200):
        yield "the scene did not run"
    if not eventually(lambda: _states(site) == [("done", DEVICE)], within_s=60):
        yield f"the duty is {_states(site)}"
    told = automation.look()[_events(automation)[0]]["attributes"]
    if (told.get("event_type"), told.get("value")) != ("scene", VALUE):
        yield f"the event tells {told}"


def _events(automation: Automation) -> list[str]:
    return [name for name in automation.look() if name.startswith("event.") and DEVICE in name]


def _is_lit(automation: Automation) -> bool:
    return bool(automation.ask(f"/api/states/{LAMP}")["state"] == "on")


def _write_duty(site: RunningSite) -> None:
    chief = next(each for each in site.said["people"] if "manager" in each["roles"])
    browser = StaffBrowser(str(site.said["console"]))
    browser.log_in(chief["staff_id"], chief["pin"])
    _, page = browser.ask("/settings/duties")
    was = re.search(r'name="was\.policy\.duties" value="([^"]*)"', page)
    assert was
    due = datetime.now(UTC).astimezone(ZONE) + timedelta(seconds=90)
    line = {"key": "", "text": "贵宾灯光", "post": "desk", "times": f"{due:%H:%M}"}
    line |= {"within_minutes": "15", "late": "run_late", "scene": DEVICE, "scene_value": VALUE}
    fields = {"was.policy.duties": html.unescape(was[1]), **line}
    status, _ = browser.post("/settings/duties", **fields)
    assert status == 200, status


def _states(site: RunningSite) -> list[tuple[str, str | None]]:
    rows = [json.loads(body) for (body,) in site.query("select body from duties")]
    return [(row.get("state", "planned"), row.get("by")) for row in rows if row.get("scene")]
