"""The pages of known cars (通行证): the gate finds a pass, a manager enters and ends them."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.choices.rows import PASSES
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.words import say
from broker.local.questions import Edit
from broker.rules.state import MANAGER
from broker.site_file import Pass, PassKind
from shared.errors import BadValueError
from shared.plate import normalize

passes = Blueprint("passes", __name__, url_prefix="/passes")

SHOWN = 50
LONGEST = 40
FIELDS = ("holder", "number", "valid_from", "valid_to", "area")
SEEN_BY = frozenset({"gate", MANAGER})


@passes.get("")
def found() -> str:
    """The passes with this piece in plate, number or holder."""
    if not SEEN_BY & set(me().roles):
        abort(403)
    text = request.args.get("q", "").strip()[:LONGEST]
    held = parts().site.settings.people.passes
    fitting = [each for each in held if _has(each, text)]
    return render_template(
        "passes.html",
        passes=fitting[:SHOWN],
        count=len(fitting),
        text=text,
        today=parts().clock().astimezone(parts().site.zone).date(),
        is_manager=MANAGER in me().roles,
    )


@passes.route("/edit", methods=["GET", "POST"])
def edit() -> Response:
    """One pass: entered, changed, taken out."""
    form = own_form()
    if form.is_sent and form.save(_edits(form)):
        return redirect(url_for("passes.found", saved=1), 303)
    plate = request.values.get("old", request.values.get("plate", ""))
    known = form.rows.get((PASSES, plate))
    value: Mapping[str, Any] = request.form if form.is_sent else {"plate": plate, **(known or {})}
    return form.page(
        "pass.html",
        value=value,
        old=plate if known is not None else "",
        was=form.was((PASSES, plate)),
        kinds=tuple(PassKind),
        fields=FIELDS,
    )


def _edits(form: SettingsForm) -> tuple[Edit, ...]:
    """What the form changes: a pass under another plate is the old one taken out."""
    typed = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("plate", *FIELDS)}
    old = request.form.get("old", "")
    try:
        was = seen(request.form.get("was"))
        plate = normalize(typed.pop("plate"))
    except BadValueError as error:
        form.problems["plate"] = said(error.sentence)
        return ()
    if "gone" in request.form and old:
        return (Edit(PASSES, old, was, None),)
    value: dict[str, str] = {name: text for name, text in typed.items() if text}
    if (kind := request.form.get("kind", PassKind.OTHER)) != PassKind.OTHER:
        value["kind"] = kind
    if not plate:
        form.problems["plate"] = say("pass.say_plate")
        return ()
    if plate != old and (PASSES, plate) in form.rows:
        form.problems["plate"] = say("pass.known")
        return ()
    if plate == old:
        return (Edit(PASSES, plate, was, value),) if value != was else ()
    taken_out = (Edit(PASSES, old, was, None),) if old else ()
    return (*taken_out, Edit(PASSES, plate, None, value))


def _has(held: Pass, text: str) -> bool:
    piece = _plain(text)
    return any(piece in _plain(each) for each in (held.plate, held.number, held.holder) if each)


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
