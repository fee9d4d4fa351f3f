"""What every page of ours wears: one style sheet of tokens, the parts, the icons, the brand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, send_from_directory, url_for
from markupsafe import Markup

from shared.colour import darkened, lightened
from shared.messages import Brand
from shared.web_guard import BRAND_FILE

FOLDER = Path(__file__).parent / "static" / "look"
STATIC = "look.static"
OPEN = frozenset({STATIC, "look.style", f"look.{BRAND_FILE}"})
"""Endpoints that hold nobody's data, and that a page without a log-in needs too."""
FILMS = frozenset({".mp4", ".webm"})


@dataclass(frozen=True, slots=True)
class Worn:
    """The brand as templates ask for it."""

    brand: Brand

    @property
    def style(self) -> str | None:
        """The address of its colours."""
        has_colours = self.brand.colour or self.brand.second
        return url_for("look.style") if has_colours else None

    @property
    def logo(self) -> str | None:
        """The address of the logo."""
        return _address(self.brand.logo)

    @property
    def welcome(self) -> str | None:
        """The address of the welcome picture or film."""
        return _address(self.brand.welcome)

    @property
    def is_film(self) -> bool:
        """Whether the welcome is a film."""
        return Path(self.brand.welcome or "").suffix.lower() in FILMS

    def name(self, language: str, otherwise: str) -> str:
        """The site's name in ``language``."""
        return self.brand.named_in(language) or otherwise


def wear(
    app: Flask, brand: Callable[[], Brand | None] = lambda: None, pictures: str | None = None
) -> None:
    """Serve all of it with ``app``; ``pictures`` is the folder with the brand's files."""
    files = Blueprint(
        "look", __name__, url_prefix="/look", static_folder=FOLDER, static_url_path=""
    )

    def worn() -> Brand:
        given = brand() or Brand()
        return given if pictures else given.without_files()

    @files.get("/brand.css")
    def style() -> Response:
        return Response(style_of(worn()), mimetype="text/css")

    @files.get("/brand/<name>", endpoint=BRAND_FILE)
    def brand_file(name: str) -> Response:
        if pictures is None or name not in (worn().logo, worn().welcome):
            abort(404)
        return send_from_directory(Path(pictures).absolute(), name)

    app.register_blueprint(files)
    app.context_processor(lambda: {"icon": icon, "brand": Worn(worn())})


def style_of(brand: Brand) -> str:
    """The tokens that the brand changes, in the hall; see ``look/tokens.css``."""
    day, evening = [], []
    if brand.colour:
        day += [("action", brand.colour), ("action-deep", darkened(brand.colour, 0.25))]
        day += [("action-pale", lightened(brand.colour, 0.88))]
    if brand.second:
        day += [("accent", brand.second)]
        evening += [("accent", lightened(brand.second, 0.55))]
    return _rule('[data-mood="hall"]', day) + _rule(
        '[data-mood="hall"][data-light="evening"]', evening
    )


def icon(name: str) -> Markup:
    """An icon of the set; a word always stands beside it."""
    drawn = url_for(STATIC, filename="vendor/icons.svg")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        drawn, name
    )


def _rule(root: str, tokens: list[tuple[str, str]]) -> str:
    said = "".join(f"--{name}:{colour};" for name, colour in tokens)
    return f":root{root}{{{said}}}\n" if said else ""


def _address(name: str | None) -> str | None:
    return url_for(f"look.{BRAND_FILE}", name=name) if name else None
