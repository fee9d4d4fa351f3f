"""The manager's page of devices (设备): added by a link that is good once, named, seen, retired."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from broker.choices.rows import DEVICES
from broker.console.address import host_for_phones
from broker.console.device_view import device_lines, other_programs
from broker.console.parts import parts
from broker.console.people_page import id_for
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.words import clock_time, language, say
from broker.local.questions import Edit
from broker.site_file import Device, DeviceKind
from shared.errors import BadValueError
from shared.ids import link_key
from shared.messages import NodeKind
from shared.name import one_line

devices = Blueprint("devices", __name__, url_prefix="/settings/devices")

LINK_IS_GOOD_FOR = timedelta(minutes=30)
"""Long enough to walk to the device; a photo of the code is soon worth nothing."""
LONGEST_NAME = 40


@devices.route("", methods=["GET", "POST"])
def everything() -> Response:
    """All devices and when each was seen, and the form that adds one."""
    form = own_form()
    if form.is_sent and (found := _added(form)):
        return found
    nodes, held = parts().site.overview(language()).nodes, parts().site.settings.people.devices
    others, phones = other_programs(held, nodes)
    return form.page(
        "devices.html",
        lines=device_lines(held, nodes),
        others=others,
        phones=phones,
        people=parts().site.people(),
        kiosks=[each for each in nodes if each.kind is NodeKind.KIOSK],
        kinds=tuple(DeviceKind),
        was=lambda device: form.was((DEVICES, device.id)),
        now=parts().clock(),
    )


@devices.post("/<device_id>")
def change(device_id: str) -> Response:
    """Another name, another link, or retired: its link, keys and account are over."""
    form = own_form()
    try:
        was = seen(request.form.get("was"))
    except BadValueError as error:
        form.problems[""] = said(error.sentence)
        return _refused(form)
    if not isinstance(was, dict):
        abort(404)
    deed = request.form.get("deed", "")
    if deed == "link":
        return _with_link(form, device_id, was, was)
    now = None if deed == "retire" else {**was, "name": _name(form)}
    if form.save((Edit(DEVICES, device_id, was, now),) if now != was else ()):
        return redirect(url_for("devices.everything", saved=1), 303)
    return _refused(form)


def _added(form: SettingsForm) -> Response | None:
    """The page with the new device's link; None: the form says why there is none."""
    kind, kiosk_id = request.form.get("kind", ""), request.form.get("kiosk_id", "")
    name, site = _name(form), parts().site
    value: dict[str, Any] = {"name": name}
    if kind not in set(DeviceKind):
        form.problems["kind"] = say("device.which_kind")
    nodes = site.overview(language()).nodes
    if kind == DeviceKind.TABLET:
        kiosks = {each.node_id for each in nodes if each.kind is NodeKind.KIOSK}
        if kiosk_id not in kiosks:
            form.problems["kiosk_id"] = say("device.no_kiosk")
        value["kiosk_id"] = kiosk_id
    else:
        value["kind"] = kind
    if form.problems:
        return None
    known = {node.node_id for node in nodes} | _ever() | site.devices.taken()
    answer = _with_link(form, id_for(name, kind, known), None, value)
    return None if form.problems else answer


def _with_link(
    form: SettingsForm, device_id: str, was: Mapping[str, Any] | None, value: Mapping[str, Any]
) -> Response:
    """Keep the device with a fresh link, and show it, once."""
    secret, until = secrets.token_urlsafe(24), parts().clock() + LINK_IS_GOOD_FOR
    now = {**value, "key": link_key(secret), "good_until": until.isoformat()}
    if not form.save((Edit(DEVICES, device_id, was, now),)):
        return _refused(form)
    (device,) = (each for each in parts().site.settings.people.devices if each.id == device_id)
    address, is_reachable = _address(device, secret)
    code = segno.make(address, error="m", micro=False) if address else None
    drawn = code.svg_inline(scale=8, border=4, light="#fff") if code else ""
    page = render_template(
        "device_link.html",
        device=device,
        address=address,
        code=Markup(drawn),  # drawn by segno: no text of anybody's is in it
        is_reachable=is_reachable,
        until=clock_time(until),
    )
    return Response(page, content_type="text/html; charset=utf-8")


def _address(device: Device, secret: str) -> tuple[str | None, bool]:
    """Where the link leads, and whether other machines reach that; None: nobody knows where."""
    host, is_reachable = host_for_phones()
    if device.kind is not DeviceKind.TABLET:
        return _join_address(host, secret), is_reachable
    nodes = parts().site.overview(language()).nodes
    kiosks = (each for each in nodes if each.kind is NodeKind.KIOSK)
    found = next((each for each in kiosks if each.node_id == device.kiosk_id), None)
    at = found.enters_at if found is not None else None
    return (f"{at}/enter/{secret}" if at else None), True


def _join_address(host: str, secret: str) -> str | None:
    """The address that ``yingbin join`` takes: it says whose certificate to trust there."""
    secure = parts().site.secure
    if secure is None:
        return None
    digest = hashlib.sha256(secure.authority).hexdigest() if secure.authority else None
    mark = f"?ca={digest}" if digest else ""
    return f"https://{host}:{secure.page_port}/join/{secret}{mark}"


def _ever() -> set[str]:
    """The ids that devices have or had: an id is not given again."""
    changed = (edit for change in parts().site.settings.changes() for edit in change.edits)
    return {edit.row for edit in changed if edit.section == DEVICES}


def _name(form: SettingsForm) -> str:
    name = one_line(request.form.get("name", "")).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        form.problems["name"] = say("device.which_name")
    return name


def _refused(form: SettingsForm) -> Response:
    words = {"message": " ".join(form.problems.values()), "label": say("settings.back")}
    page = render_template("problem.html", to=url_for("devices.everything"), **words)
    return Response(page, 409, content_type="text/html; charset=utf-8")
