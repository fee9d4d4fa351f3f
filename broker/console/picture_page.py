"""A manager brings the brand's logo and welcome picture, and people's pictures."""

import re
from pathlib import Path

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.choices.rows import BRAND, STAFF
from broker.console.parts import parts
from broker.console.picture_file import MOST_BYTES, kind_of, name_of
from broker.console.settings_form import SettingsForm, own_form
from broker.console.words import say, size
from broker.local.questions import Edit
from shared.replacing import replace_file

pictures = Blueprint("pictures", __name__, url_prefix="/settings/picture")

BRAND_PICTURES = ("logo", "welcome")
READABLE = 0o644
"""The tablet's program has a user of its own."""


@pictures.post("/brand/<row>")
def of_brand(row: str) -> Response:
    """The logo, or the picture of the welcome page."""
    if row not in BRAND_PICTURES:
        abort(404)
    form, back = own_form(), url_for("settings.house", saved=1)
    name = _kept(form, row)
    was = form.as_marked((BRAND, row))
    if name and form.save((Edit(BRAND, row, was, name),) if name != was else ()):
        return redirect(back, 303)
    return _refused(form, url_for("settings.house"))


@pictures.post("/person/<staff_id>")
def of_person(staff_id: str) -> Response:
    """The picture by which visitors find a consultant."""
    form, back = own_form(), url_for("people.one", staff_id=staff_id)
    if form.rows.get((STAFF, staff_id)) is None:
        abort(404)
    was = form.as_marked((STAFF, staff_id))
    name = _kept(form, re.sub(r"[^\w-]", "", staff_id)[:30] or "person")
    now = {**was, "picture": name}
    if name and form.save((Edit(STAFF, staff_id, was, now),) if now != was else ()):
        return redirect(f"{back}?saved=1", 303)
    return _refused(form, back)


def _kept(form: SettingsForm, purpose: str) -> str | None:
    """The name under which the picture lies now; None: why not is among the form's problems."""
    folder, file = parts().site.worn[1], request.files.get("picture")
    content = file.read(MOST_BYTES + 1) if file else b""
    if file is not None:
        file.close()  # a large one lies on the disk until then
    kind = kind_of(content)
    if folder is None:
        form.problems[""] = say("picture.no_folder")
    elif len(content) > MOST_BYTES:
        form.problems[""] = say("picture.too_large", most=size(MOST_BYTES >> 20))
    elif kind is None:
        form.problems[""] = say("picture.no_picture")
    else:
        name = name_of(purpose, content, kind)
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            replace_file(Path(folder, name), content)
            Path(folder, name).chmod(READABLE)
        except OSError:
            form.problems[""] = say("picture.no_room")
        else:
            return name
    return None


def _refused(form: SettingsForm, back: str) -> Response:
    words = {"message": " ".join(form.problems.values()), "to": back, "label": say("settings.back")}
    return make_response(render_template("problem.html", **words), 422)
