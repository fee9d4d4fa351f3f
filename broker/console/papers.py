"""What the manager prints or looks up: consultants' cards, and visitors who are no customers."""

import segno
from flask import Blueprint, render_template
from markupsafe import Markup

from broker.console.parts import parts
from broker.console.site_view import Person
from broker.console.words import language

papers = Blueprint("papers", __name__)


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


def _code(person: Person) -> Markup:
    """A code with the consultant's id and no secret, because anybody may copy a card."""
    text = f"yingbin:card:{parts().site.site}:{person.staff_id}"
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(border=2, light="#fff", omitsize=True))  # drawn by segno
