"""What every page of ours wears: one style sheet of tokens, the parts, the icons."""

from pathlib import Path

from flask import Blueprint, Flask, url_for
from markupsafe import Markup

FOLDER = Path(__file__).parent / "static" / "look"
STATIC = "look.static"
"""The endpoint of these files; they hold nobody's data."""


def wear(app: Flask) -> None:
    """Serve the files with ``app``, and let its templates draw icons."""
    app.register_blueprint(
        Blueprint("look", __name__, url_prefix="/look", static_folder=FOLDER, static_url_path="")
    )
    app.context_processor(lambda: {"icon": icon})


def icon(name: str) -> Markup:
    """An icon of the set; a word always stands beside it."""
    drawn = url_for(STATIC, filename="vendor/icons.svg")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        drawn, name
    )
