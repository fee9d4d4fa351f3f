"""The form of the table of duties (岗位任务表): a line each, and empty ones for more."""

from itertools import zip_longest
from typing import Any

from flask import request

from broker.choices.rows import POLICY
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, said
from broker.console.words import say
from broker.local.questions import Edit
from broker.rules.duty_table import HOST, SWITCH_ON, Late
from shared.errors import BadValueError

ROW = (POLICY, "duties")
NAME = ".".join(ROW)
USUAL_COLUMNS = ("key", "text", "post", "times", "within_minutes", "late")
COLUMNS = (*USUAL_COLUMNS, "scene", "scene_value")
LATES = tuple(late.value for late in Late)
MORE = 3
"""Empty lines for further duties."""
USUAL = (
    ("tidy", "door", "open-30", 20, Late.RUN),
    ("devices", "desk", "open-30", 20, Late.RUN),
    ("posts", "manager", "open-20", 15, Late.RUN),
    ("supplies", "bar", "open-20", 15, Late.RUN),
    ("cart_check", "cart", "open-20", 15, Late.RUN),
    ("showflat_check", "showflat", "open-20", 15, Late.RUN),
    ("patrol", "gate", "open-close/120", 20, Late.SKIP),
    ("desk_manned", "desk", "open-close/60", 10, Late.SKIP),
    ("cleaning", "showflat", "close+5", 30, Late.ASK),
    ("charging", "cart", "close+10", 30, Late.ASK),
    ("guides", "steward", "a-60 b-60", 20, Late.ASK),
    ("four_greeters", "door", "a-15", 10, Late.ASK),
    ("two_greeters", "door", "b-15", 10, Late.ASK),
    ("cooling", "desk", "vip-45 a-45", 15, Late.RUN),
    ("fruit_and_towels", "bar", "plan-15", 10, Late.RUN),
    ("manager_at_door", "manager", "plan-10", 5, Late.ASK),
    ("lights_and_film", "showflat", "plan-5", 5, Late.RUN),
    ("farewell_gift", "steward", "plan.left+0", 10, Late.SKIP),
    ("talk_note", "manager", "plan.left+15", 45, Late.ASK),
    ("thank_you", "steward", "plan.left+60", 60, Late.RUN),
    ("look_through", HOST, "appointment-30", 25, Late.SKIP),
    ("thank_customer", HOST, "appointment.left+60", 90, Late.RUN),
)
"""What manuals ask of most houses; offered, never entered by itself. The texts are ``duty.…``."""

Line = dict[str, str]


def usual_lines() -> list[Line]:
    """The usual duties, to be looked over and saved."""
    return [
        _line(dict(zip(USUAL_COLUMNS, (key, say(f"duty.{key}"), *rest), strict=True)))
        for key, *rest in USUAL
    ]


def duty_lines(form: SettingsForm) -> list[Line]:
    """The form's lines: as typed, or the table as it is."""
    if form.is_sent:
        # A page of before an update lacks the columns that came with it.
        lines = zip_longest(*(request.form.getlist(name) for name in COLUMNS), fillvalue="")
        return [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    known = [_line(plan) for plan in form.rows.get(ROW, ())]
    usual = usual_lines() if "usual" in request.args and not known else []
    return known + usual + [_line({}) for _ in range(MORE)]


def duty_edits(form: SettingsForm) -> tuple[Edit, ...]:
    """What the form changes; what it says wrongly is among the form's problems."""
    try:
        was = seen(request.form.get(f"was.{NAME}"))
    except BadValueError as error:
        form.problems[NAME] = said(error.sentence)
        return ()
    gone = set(request.form.getlist("gone"))
    lines = [line for line in duty_lines(form) if line["text"].strip()]
    taken = {line["key"] for line in lines}
    now = [_plan(line, taken) for line in lines if not line["key"] or line["key"] not in gone]
    return (Edit(*ROW, was, now or None),) if now != (was or []) else ()


def _plan(line: Line, taken: set[str]) -> dict[str, Any]:
    """The line as a row of the table, without what is as usual."""
    key = line["key"] or next(
        each for number in range(1, len(taken) + 2) if (each := f"duty_{number}") not in taken
    )
    taken.add(key)
    within = line["within_minutes"].strip()
    plan: dict[str, Any] = {"key": key, "post": line["post"], "text": line["text"].strip()}
    plan["times"] = " ".join(line["times"].split())
    if within != "15":
        plan["within_minutes"] = int(within) if within.isdecimal() and len(within) < 6 else 0
    if line["late"] != Late.ASK:
        plan["late"] = line["late"]
    if scene := line["scene"].strip():
        plan["scene"] = scene
        if (value := line["scene_value"].strip()) not in ("", SWITCH_ON):
            plan["scene_value"] = value
    return plan


def _line(plan: dict[str, Any]) -> Line:
    usual = {"within_minutes": 15, "late": Late.ASK, "post": "desk"}
    return {name: str(plan.get(name, usual.get(name, ""))) for name in COLUMNS}
