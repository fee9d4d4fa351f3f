"""The form of days with hours of their own (节假日): a line each, and empty ones."""

from datetime import date
from typing import Any

from flask import request

from broker.choices.rows import DAYS
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, said
from broker.console.words import say
from broker.local.questions import Edit
from shared.errors import BadValueError

COLUMNS = ("on", "open", "close", "name", "old")
"""``old``: the date that the line had; empty: a new line."""
MORE = 3
"""Empty lines for further days."""


def day_lines(form: SettingsForm) -> list[dict[str, str]]:
    """The form's lines: as typed, or the days as they are."""
    if form.is_sent:
        lines = zip(*(request.form.getlist(name) for name in COLUMNS), strict=False)
        typed = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
        return [{**line, "was": form.was((DAYS, line["old"] or line["on"]))} for line in typed]
    rows = sorted((on, value) for (of, on), value in form.rows.items() if of == DAYS)
    known = [
        {
            **{name: value.get(name) or "" for name in COLUMNS},
            "on": on,
            "old": on,
            "was": form.was((DAYS, on)),
        }
        for on, value in rows
    ]
    return known + [{**dict.fromkeys(COLUMNS, ""), "was": "null"} for _ in range(MORE)]


def day_edits(form: SettingsForm) -> tuple[Edit, ...]:
    """What the form changes; what it says wrongly is among the form's problems.

    A line with another date takes the old day out and enters the new one.
    """
    gone = set(request.form.getlist("gone"))
    before: dict[str, Any] = {}
    after: dict[str, dict[str, str]] = {}
    columns = [request.form.getlist(name) for name in (*COLUMNS, "was")]
    for on, opens, closes, name, old, was in zip(*columns, strict=False):
        if not (on.strip() or old):
            continue
        is_gone = bool(old) and old in gone
        try:
            day = old if is_gone else date.fromisoformat(on.strip()).isoformat()
            before[old or day] = seen(was)
        except BadValueError as error:
            form.problems[f"{DAYS}.{on}"] = said(error.sentence)
        except ValueError:
            form.problems[f"{DAYS}.{on}"] = say("settings.wrong_day")
        else:
            typed = {"open": opens.strip(), "close": closes.strip(), "name": name.strip()}
            if not is_gone:
                after[day] = {key: text for key, text in typed.items() if text}
    return tuple(
        Edit(DAYS, day, before.get(day), after.get(day))
        for day in dict.fromkeys([*before, *after])
        if before.get(day) != after.get(day)
    )
