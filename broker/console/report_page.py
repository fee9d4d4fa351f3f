"""The manager's reports of a day, a week and a month (日报、周报、月报): to read and to print."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request

from broker.console.parts import parts, today
from broker.console.register_page import day_asked
from broker.console.register_view import FIRST_DAY, LAST_DAY
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


@reports.get("/reports/month")
def month() -> str:
    """A calendar month in numbers; this one so far, unless another is asked for."""
    first = _month_asked() or today().replace(day=1)
    following = (first + LONGEST + A_DAY).replace(day=1)
    found = parts().site.archive.month_report(first, following - A_DAY, language())
    return render_template("report_month.html", report=found, before=first - A_DAY)


def _month_asked() -> date | None:
    """The month that the address names, as a form's field has it; None: it names none."""
    try:
        found = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None
