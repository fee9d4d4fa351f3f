"""The specimen page of the demo: every part of which pages are built, drawn once in each mood."""

from flask import Blueprint, abort, render_template, request

from broker.console.parts import parts

specimen = Blueprint("specimen", __name__)

MOODS = {
    "hall": {"mood": "hall"},
    "evening": {"mood": "hall", "light": "evening"},
    "night": {"theme": "dark"},
    "sun": {"theme": "light"},
}
"""What the page's root says of itself in each mood; see ``look/tokens.css``."""
SIZES = (14, 16, 18, 20, 24, 28, 36, 48, 72)
SHOWN = {"plate": "浙A·88888", "names": ("王强", "李敏")}
"""Whom the cards are about."""


@specimen.get("/look")
def show() -> str:
    """The page; a real site has none."""
    mood = request.args.get("mood", "hall")
    if not parts().site.is_demo or mood not in MOODS:
        abort(404)
    return render_template("specimen.html", moods=MOODS, mood=mood, sizes=SIZES, **SHOWN)
