"""The manager's page of a person's second channel: chosen, switched off, tried out."""

from typing import cast

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from broker.console.address import origin
from broker.console.channel_view import REPORTS, ChannelDesk, ShownChannel
from broker.console.parts import parts
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.words import say
from broker.rules.state import MANAGER
from broker.site_file import Staff
from shared.errors import OperatorError

channels = Blueprint("channels", __name__, url_prefix="/settings/people/<staff_id>/channel")

NAME = "yingbin-channels"
LONGEST = 400


def serve_channels(app: Flask, desk: ChannelDesk) -> None:
    """Let ``app`` choose channels; without this it has none."""
    app.extensions[NAME] = desk


@channels.route("", methods=["GET", "POST"])
def one(staff_id: str) -> Response:
    """What rings this person besides their page, and when not."""
    person, desk, form = _person(staff_id), _desk(), own_form()
    shown = now = desk.of(staff_id)
    if form.is_sent and request.form.get("seen", _seen(now)) != _seen(now):
        form.problems[""] = say("bell.changed")  # by another manager, whose choice is shown
    elif form.is_sent:
        shown = ShownChannel(_typed("url"), _typed("quiet"), _reports(person))
        try:
            wrong = desk.choose(staff_id, shown, _link())
        except OSError:
            form.problems[""] = say("bell.disk")
        else:
            if wrong is None:
                return _back(staff_id, saved="1")
            form.problems[wrong] = say("bell.bad_url" if wrong == "url" else "bell.bad_quiet")
    told = request.args.get("tried", "")
    return _page(form, person, shown, told)


@channels.post("/try")
def try_out(staff_id: str) -> Response:
    """Send a message to try it; the page says what came of it."""
    person, form = _person(staff_id), own_form()
    try:
        was_taken = _desk().try_out(staff_id, say("bell.test"))
    except OperatorError as error:
        form.problems[""] = said(error.sentence)
        return _page(form, person, _desk().of(staff_id), "")
    return _back(staff_id, tried="sent" if was_taken else "refused")


def _page(form: SettingsForm, person: Staff, shown: ShownChannel, tried: str) -> Response:
    seen = _seen(_desk().of(person.id))
    more = {"person": person, "shown": shown, "tried": tried, "seen": seen}
    return form.page("person_channel.html", is_manager=MANAGER in person.roles, **more)


def _seen(channel: ShownChannel) -> str:
    """What a form was filled in on."""
    return " ".join((channel.url, channel.quiet, *(channel.reports or ())))


def _back(staff_id: str, *, saved: str | None = None, tried: str | None = None) -> Response:
    return redirect(url_for("channels.one", staff_id=staff_id, saved=saved, tried=tried), 303)


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST].strip()


def _reports(person: Staff) -> tuple[str, ...] | None:
    """Which reports are ticked; None: they are a manager's alone."""
    if MANAGER not in person.roles:
        return None
    ticked = request.form.getlist("reports")
    return tuple(name for name in REPORTS if name in ticked)


def _link() -> str:
    """The address of the staff's page, if phones reach it."""
    address, is_reachable = origin()
    return address + url_for("pages.handheld") if is_reachable else ""


def _desk() -> ChannelDesk:
    return cast(ChannelDesk, current_app.extensions.get(NAME) or abort(404))


def _person(staff_id: str) -> Staff:
    desk = parts().site.settings
    found = desk.people.person(staff_id)
    return found if found is not None and not desk.has_left(staff_id) else abort(404)
