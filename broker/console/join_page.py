"""A gate or kiosk on a machine of its own joins the site: its link gives it its keys, once."""

import msgspec
from flask import Blueprint, Response, make_response, render_template, request

from broker.console.parts import parts
from broker.console.words import say
from broker.site_file import Device, DeviceKind
from shared.ids import link_key

joins = Blueprint("joins", __name__)

JSON = "application/json"
AGAIN_AFTER_S = 1


@joins.get("/join/<token>")
def join(token: str) -> Response:
    """What the program needs, for whoever asks for JSON; a person reads what to do with the link.

    It holds a password, so it is given with TLS only.
    """
    device = _device(token)
    if device is None or parts().clock() > device.good_until:
        return _page("device.link_over", 403)
    if request.accept_mimetypes.best != JSON or request.method == "HEAD":
        return _page("device.join_how", 200)
    if not request.is_secure:
        return _page("device.only_tls", 403)
    told = parts().site.devices.joined(device)
    if told is None:
        return Response(status=503, headers={"Retry-After": str(AGAIN_AFTER_S)})
    if not parts().log_ins.use(f"join {device.key}", device.good_until):
        return _page("device.link_over", 403)
    return Response(msgspec.json.encode(told), content_type=JSON)


def _device(token: str) -> Device | None:
    key, held = link_key(token), parts().site.settings.people.devices
    return next((each for each in held if _joins(each) and each.key == key), None)


def _joins(device: Device) -> bool:
    return device.kind is not DeviceKind.TABLET


def _page(key: str, status: int) -> Response:
    words = {"message": say(key, link=request.url), "label": say("login.by_pin")}
    return make_response(render_template("problem.html", to="/login", **words), status)
