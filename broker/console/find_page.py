"""The manager's search (查找): people, visits, customers, and the settings by their labels."""

from typing import NamedTuple

from flask import Blueprint, render_template, request, url_for

from broker.console.parts import parts
from broker.console.settings_fields import BRAND_FIELDS, RULE_GROUPS
from broker.console.words import language, say

find_pages = Blueprint("find", __name__)

LONGEST = 40
SHOWN = 8
PAGES = (
    *(("settings.index", "settings.title"), ("people.everybody", "settings.people")),
    *(("people.add", "settings.add_person"), ("imports.tables", "imports.title")),
    *(("settings.rules", "settings.rules"), ("settings.days", "settings.days")),
    *(("settings.house", "settings.house"), ("settings.history", "settings.history")),
    *(("disputes.past", "dispute.all"), ("disputes.patterns", "pattern.title")),
    *(("health.show", "health.title"), ("papers.others", "papers.others")),
    ("papers.roster", "roster.title"),
    *(("papers.cards", "papers.cards"), ("wall_link.link", "wall.link_title")),
    *(("registers.offered", "paper.title"), ("cases.listed", "case.title")),
    *(("duties.today", "duty.title"), ("settings.duties", "duty.table")),
    *(("shifts.own", "shift.title"), ("shift_plan.plan", "shift.plan")),
    *(("plans.listed", "plan.title"), ("plans.asked", "plan.new")),
    *(("events.listed", "event.title"), ("events.new", "event.new")),
    *(("passes.found", "pass.title"), ("passes.edit", "pass.new")),
    *(("reports.day", "report.day"), ("reports.week", "report.week")),
    ("reports.month", "report.month"),
    *(("reports.replay", "replay.title"),),
)
"""Each page, and its name in the catalogue."""


class NamedPage(NamedTuple):
    """A page, or a field on one."""

    name: str
    address: str


@find_pages.get("/find")
def find() -> str:
    """What was found, as a page, or as the part that the script puts into the open page."""
    text = request.args.get("q", "").strip()[:LONGEST]
    template = "_found.html" if "part" in request.args else "find.html"
    found = parts().site.archive.find(text, language())
    return render_template(template, text=text, found=found, places=places(text))


def places(text: str) -> tuple[NamedPage, ...]:
    """The pages and fields whose names have this piece."""
    piece = text.casefold()
    if not piece:
        return ()
    pages = [NamedPage(say(key), url_for(endpoint)) for endpoint, key in PAGES]
    rules = [(field, "settings.rules") for group in RULE_GROUPS.values() for field in group]
    fields = [
        NamedPage(say(f"setting.{field.row}"), url_for(endpoint, _anchor=f"at-{field.name}"))
        for field, endpoint in (*rules, *((field, "settings.house") for field in BRAND_FIELDS))
    ]
    return tuple(place for place in (*pages, *fields) if piece in place.name.casefold())[:SHOWN]
