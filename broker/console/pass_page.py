"""The pages of known cars (通行证): the gate finds a pass, a manager enters and ends them."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.choices.rows import PASSES
from broker.console.guard import me
from broker.console.parts import parts, today
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.words import say
from broker.local.questions import Edit
from broker.rules.state import MANAGER
from broker.site_file import Pass
from shared.errors import BadValueError
from shared.ids import new_id
from shared.messages import PassKind
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
        today=today(),
        is_manager=MANAGER in me().roles,
    )


@passes.route("/edit", methods=["GET", "POST"])
def edit() -> Response:
    """One pass: entered, changed, taken out."""
    form, name = own_form(), request.values.get("id", "")
    if form.is_sent and form.save(_edits(form, name)):
        return redirect(url_for("passes.found", saved=1), 303)
    known = form.rows.get((PASSES, name))
    value: Mapping[str, Any] = request.form if form.is_sent else (known or {})
    return form.page(
        "pass.html",
        value=value,
        name=name if known is not None else "",
        was=form.was((PASSES, name)),
        kinds=tuple(PassKind),
        fields=FIELDS,
    )


def _edits(form: SettingsForm, name: str) -> tuple[Edit, ...]:
    """What the form changes."""
    typed = {each: request.form.get(each, "").strip()[:LONGEST] for each in ("plate", *FIELDS)}
    try:
        was = seen(request.form.get("was"))
    except BadValueError as error:
        form.problems[""] = said(error.sentence)
        return ()
    if "gone" in request.form and was is not None:
        return (Edit(PASSES, name, was, None),)
    typed["plate"] = normalize(typed["plate"])
    others = (value["plate"] for (of, _), value in form.rows.items() if of == PASSES)
    if not typed["plate"]:
        form.problems["plate"] = say("pass.say_plate")
    elif typed["plate"] in others and typed["plate"] != (was or {}).get("plate"):
        form.problems["plate"] = say("pass.known")
    now = {each: text for each, text in typed.items() if text}
    if (kind := request.form.get("kind", PassKind.OTHER)) != PassKind.OTHER:
        now["kind"] = kind
    row = name if was is not None else new_id(parts().clock())
    return (Edit(PASSES, row, was, now),) if now != was and not form.problems else ()


def _has(held: Pass, text: str) -> bool:
    piece = _plain(text)
    return any(piece in _plain(each) for each in (held.plate, held.number, held.holder) if each)


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
