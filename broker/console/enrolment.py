"""A phone learns to trust the site's own authority (证书), and goes on to the secure pages.

Served without TLS: a phone that does not trust yet could not read it otherwise. What it gives is
public; the fingerprint on the manager's page shows whether somebody else's came instead.
"""

import plistlib
import uuid

import segno
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from broker.certificates.keeping import fingerprint
from broker.console.address import host_for_phones
from broker.console.parts import parts
from broker.console.secure_view import Secure

enrolment = Blueprint("enrolment", __name__)

APPLE = ("iphone", "ipad", "macintosh")
"""Words in the name that a browser of theirs gives itself."""


@enrolment.get("/secure")
def steps() -> AnyResponse:
    """What to tap, step by step, on an iPhone and on an Android phone."""
    secure = _secure()
    way = _secure_address(secure)
    if request.is_secure or secure.authority is None:
        return redirect(way, 303)
    asked = request.user_agent.string.lower()
    page = render_template(
        "secure.html",
        way=way,
        mqtt_port=secure.mqtt_port,
        fingerprint=fingerprint(secure.authority),
        authority_name=f"{parts().site.site_name} · Yingbin",
        is_apple=any(word in asked for word in APPLE),
    )
    return make_response(page)


@enrolment.get("/secure/site-ca.crt")
def for_android() -> AnyResponse:
    """The authority's certificate as Android and computers take it."""
    return _download(_authority(), "application/x-x509-ca-cert", "site-ca.crt")


@enrolment.get("/secure/site-ca.mobileconfig")
def for_apple() -> AnyResponse:
    """The same as a profile (描述文件), which iPhones and iPads take."""
    profile = profile_of(_authority(), parts().site.site_name)
    return _download(profile, "application/x-apple-aspen-config", "site-ca.mobileconfig")


@enrolment.get("/secure/code")
def code() -> str:
    """The manager's page with the QR code that leads phones to the steps."""
    secure = _secure()
    host, is_reachable = host_for_phones()
    url = f"http://{host}:{secure.plain_port}/secure"
    drawn = segno.make(url, error="m", micro=False).svg_inline(scale=8, border=4, light="#fff")
    return render_template(
        "secure_code.html",
        code=Markup(drawn),  # drawn by segno: no text of anybody's is in it
        url=url,
        is_reachable=is_reachable,
        fingerprint=fingerprint(secure.authority) if secure.authority else None,
    )


def profile_of(authority: bytes, site_name: str) -> bytes:
    """Apple's profile with the certificate ``authority``; the same whenever it is asked for.

    Its ids follow from the certificate: taken twice, it replaces itself.
    """

    def id_of(part: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{part} {authority.hex()}")).upper()

    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"yingbin.authority.{id_of('authority')}",
        "PayloadUUID": id_of("authority"),
        "PayloadDisplayName": site_name,
        "PayloadContent": authority,
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"yingbin.profile.{id_of('profile')}",
        "PayloadUUID": id_of("profile"),
        "PayloadDisplayName": f"{site_name} · Yingbin",
        "PayloadContent": [certificate],
    }
    return plistlib.dumps(profile)


def _secure() -> Secure:
    return parts().site.secure or abort(404)


def _authority() -> bytes:
    return _secure().authority or abort(404)


def _secure_address(secure: Secure) -> str:
    host = request.host.rsplit(":", 1)[0]
    return f"https://{host}:{secure.page_port}/handheld"


def _download(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.mimetype = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
