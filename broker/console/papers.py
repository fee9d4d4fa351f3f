"""What is printed or looked up: consultants' cards, the roster for an outage, other visitors."""

from functools import cache

import segno
from flask import Blueprint, render_template
from markupsafe import Markup

from broker.console.parts import parts
from broker.console.site_view import Person, TurnLine
from broker.console.words import date_time, language, say

papers = Blueprint("papers", __name__)

BLANK_LINES = 12
"""As many as fit on the sheet below a line of ten."""


@papers.get("/cards")
def cards() -> str:
    """Consultants' cards to print, with a code that a tablet's camera reads."""
    consultants = [
        consultant for consultant in parts().site.people() if "consultant" in consultant.roles
    ]
    return render_template(
        "cards.html", cards=[(consultant, _code(consultant)) for consultant in consultants]
    )


@papers.get("/others")
def others() -> str:
    """Who came today on business (施工 送货 找人 物业), and who has not left yet."""
    return render_template("others.html", others=parts().site.overview(language()).others)


@papers.get("/roster")
def roster() -> str:
    """The line with its make-up turns on one sheet, with a code that holds it too: a phone reads it
    without a network. What happens during an outage is written into the empty lines."""
    line, moment = parts().site.overview(language()).line, parts().clock()
    text = "\n".join([say("roster.as_of", at=date_time(moment)), *_in_order(line)])
    code = segno.make(text, error="m", micro=False)
    return render_template(
        "roster.html",
        line=line,
        at=moment,
        code=Markup(code.svg_inline(border=4, light="#fff", omitsize=True)),  # drawn by segno
        text=text,
        blank_lines=BLANK_LINES,
    )


def _in_order(line: tuple[TurnLine, ...]) -> list[str]:
    noted = (f" {say(f'note.{turn.note}')}" if turn.note else "" for turn in line)
    return [
        f"{place} {turn.name}{note}"
        for place, (turn, note) in enumerate(zip(line, noted, strict=True), 1)
    ]


def _code(person: Person) -> Markup:
    """A code with the consultant's id and no secret, because anybody may copy a card."""
    return _drawn(f"yingbin:card:{parts().site.site}:{person.staff_id}")


@cache
def _drawn(text: str) -> Markup:
    """A card's code; the sheet of a large house has hundreds."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(border=2, light="#fff", omitsize=True))  # drawn by segno
