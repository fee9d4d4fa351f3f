"""The manager's forms of the shifts (排班): weeks, one day of one person, leave."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import request

from broker.choices.rows import LEAVES, SWAPS, WEEKS, Rows, convert
from broker.console.parts import parts
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, said
from broker.console.words import say
from broker.local.questions import Edit
from broker.rules.shifts import EVERY_DAY, ShiftRequest, SwappedDay, otherwise
from shared.errors import BadValueError
from shared.ids import new_id

LONGEST_REASON = 200


def week_edits(form: SettingsForm) -> tuple[Edit, ...]:
    """Everybody's week, as ticked."""
    found = []
    for person in parts().site.people():
        who = person.staff_id
        if f"was.{who}" not in request.form:
            continue
        try:
            was = seen(request.form[f"was.{who}"])
        except BadValueError as error:
            form.problems[WEEKS] = said(error.sentence)
            continue
        ticked = request.form.getlist(f"week.{who}")
        days = "".join(day for day in EVERY_DAY if day in ticked)
        now = None if days == EVERY_DAY else {"days": days}
        if now != was:
            found.append(Edit(WEEKS, who, was, now))
    return tuple(found)


def day_edits(form: SettingsForm) -> tuple[Edit, ...]:
    """One person works on a day, or does not, or as their week says."""
    who, on = _person(form), _date(form, "on")
    if who is None or on is None:
        return ()
    try:
        was = _day_seen(form, on)
        before = convert({**(was or {}), "on": on.isoformat()}, SwappedDay, (SWAPS, ""))
    except BadValueError as error:
        form.problems["on"] = said(error.sentence)
        return ()
    how = request.form.get("how", "")
    day = otherwise(before, who, comes=how == "on")
    come, stay = list(day.come_ids), list(day.stay_ids)
    if how not in ("on", "off"):
        come, stay = ([each for each in ids if each != who] for ids in (come, stay))
    now = {name: ids for name, ids in (("come_ids", come), ("stay_ids", stay)) if ids} or None
    return (Edit(SWAPS, on.isoformat(), was, now),) if now != was else ()


def swaps_shown(rows: Rows, since: date) -> str:
    """The days that differ from the weeks, for ``_day_seen``: the page shows any of them."""
    found = {name: value for (section, name), value in rows.items() if section == SWAPS}
    return json.dumps({name: value for name, value in found.items() if name >= since.isoformat()})


def _day_seen(form: SettingsForm, on: date) -> dict[str, Any] | None:
    """The day's row as the page knew it when it was opened.

    Raises:
        BadValueError: it is not the page's.
    """
    if "swaps" not in request.form:
        return form.rows.get((SWAPS, on.isoformat()))
    known = seen(request.form["swaps"])
    was = known.get(on.isoformat()) if isinstance(known, dict) else None
    return was if isinstance(was, dict) else None


def leave_edits(form: SettingsForm) -> tuple[Edit, ...]:
    """Leave that the manager grants."""
    who, first, last = _person(form), _date(form, "first"), _date(form, "last")
    if who is None or first is None or last is None:
        return ()
    now: dict[str, Any] = {"staff_id": who, "first": first.isoformat(), "last": last.isoformat()}
    if reason := request.form.get("reason", "").strip()[:LONGEST_REASON]:
        now["reason"] = reason
    return (Edit(LEAVES, new_id(parts().clock()), None, now),)


def granted(asked: ShiftRequest) -> tuple[Edit, ...]:
    """The leave that was asked for, as if it had been granted; a swap is its two people's."""
    if asked.with_id is not None or asked.last is None:
        return ()
    days = {"first": asked.first.isoformat(), "last": asked.last.isoformat()}
    return (Edit(LEAVES, asked.request_id, None, {"staff_id": asked.by, **days}),)


def ended_leave(form: SettingsForm) -> tuple[Edit, ...]:
    """Leave that is taken out."""
    row = request.form.get("gone", "")
    was = form.rows.get((LEAVES, row))
    return (Edit(LEAVES, row, was, None),) if was is not None else ()


PARTS: Mapping[str, Callable[[SettingsForm], tuple[Edit, ...]]] = {
    "weeks": week_edits,
    "day": day_edits,
    "leave": leave_edits,
    "gone": ended_leave,
}
"""What each of the page's forms changes, by its name."""


def _person(form: SettingsForm) -> str | None:
    who = request.form.get("staff_id", "")
    if parts().person(who) is None:
        form.problems["staff_id"] = say("shift.who_missing")
        return None
    return who


def _date(form: SettingsForm, name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        form.problems[name] = say("settings.wrong_day")
        return None
