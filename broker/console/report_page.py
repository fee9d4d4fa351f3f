"""The pages of the day's and the week's report, for the manager: to read and to print."""

from datetime import timedelta

from flask import Blueprint, render_template

from broker.console.parts import parts, today
from broker.console.register_page import day_asked
from broker.console.words import language

reports = Blueprint("reports", __name__)

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=6)
LONGEST = timedelta(days=30)
"""A longer report is `yingbin export summary`."""


@reports.get("/reports/day")
def day() -> str:
    """A day in numbers; today so far, unless another is asked for."""
    on = day_asked("on") or today()
    return render_template(
        "report_day.html", report=parts().site.archive.day_report(on, language())
    )


@reports.get("/reports/replay")
def replay() -> str:
    """A day again, moment by moment: the line, the visits, who was told what."""
    on = day_asked("on") or today()
    found = parts().site.archive.day_replay(on, language())
    return render_template("replay.html", replay=found, before=on - A_DAY, after=on + A_DAY)


@reports.get("/reports/week")
def week() -> str:
    """Seven days in numbers, or as many as are asked for."""
    last = day_asked("to") or today()
    first = day_asked("from") or last - A_WEEK
    first = max(min(first, last), last - LONGEST)
    return render_template(
        "report_week.html", report=parts().site.archive.week_report(first, last, language())
    )
