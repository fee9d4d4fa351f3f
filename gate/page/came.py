"""The pages about other people's cameras: what they posted, raw and read, and how to set them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template, request

from gate.intake.setting_up import SettingUp
from gate.intake.spool import Kept
from gate.page.parts import intake_parts, say
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import BadBodyError, text_of
from gate.vendors.read import VendorRead
from shared.privacy import masked_text

came = Blueprint("came", __name__)
TABS = (("came.newest", "page.came"), ("came.setting_up", "page.setting_up"))

BODIES_SHOWN = 50
CHARACTERS_SHOWN = 3_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A body as the page shows it."""

    came_at: datetime
    raw: str
    """Without pictures, passwords, and the middle of each plate."""
    results: tuple[tuple[VendorRead | None, str], ...]
    """Each result and what became of it; None: it could not be understood."""


@came.get("/")
def newest() -> str:
    """What was posted lately, the last first."""
    bodies = intake_parts().spool.newest(BODIES_SHOWN)
    return render_template("came.html", bodies=[_shown(kept) for kept in bodies])


@came.get("/setting-up")
def setting_up() -> str:
    """What to set in the vendor's own menu."""
    wanted = _setting_up()
    return render_template("setting_up.html", steps=wanted.steps(), source=wanted.source)


@came.get("/setting-up.svg")
def menu() -> Response:
    """The vendor's menu, drawn."""
    return Response(_setting_up().drawing(), mimetype="image/svg+xml")


def _setting_up() -> SettingUp:
    camera = intake_parts().camera
    host, port = request.host.rpartition(":")[0] or request.host, camera.listens_at[1]
    return SettingUp(camera.source, host, port, camera.token, say)


def _shown(kept: Kept) -> Shown:
    raw = masked_text(text_of(kept.body.data[:CHARACTERS_SHOWN]))
    return Shown(kept.came_at, raw, tuple(_results(kept)))


def _results(kept: Kept) -> Iterator[tuple[VendorRead | None, str]]:
    verdicts = kept.verdicts or ("waits",)
    try:
        reads = ADAPTERS[intake_parts().camera.source].understand(kept.body).reads
    except BadBodyError:
        reads = ()
    if not reads:
        yield None, next(iter(kept.verdicts), "nothing")
    yield from zip(reads, (*verdicts, *["waits"] * len(reads)), strict=False)
