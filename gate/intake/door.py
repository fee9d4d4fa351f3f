"""Where cameras post to: who is let in, and that a body is kept before it is answered."""

import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask, Response, abort, request

from gate.camera.settings import CameraSettings
from gate.intake.desk import Signs
from gate.intake.greeting import Greeter
from gate.intake.spool import Spool, SpoolError
from gate.vendors.adapters import Adapter
from gate.vendors.body import BadBodyError, Body
from gate.vendors.read import Understood
from gate.vendors.secrets_out import fit_to_keep
from gate.vendors.spoken import SILENCE
from shared.errors import OperatorError
from shared.web_guard import same_secret
from shared.web_server import WebServer, listen

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 8 * 1024 * 1024
"""A result with two pictures of a camera with 4K is 4 MB."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Door:
    """What a post must pass."""

    source: str
    adapter: Adapter
    spool: Spool
    signs: Signs
    allowed: tuple[Network, ...] = ()
    token: str = ""
    greeter: Greeter | None = None
    """None: cameras say nothing to the car."""

    def hear(self, body: Body) -> bool:
        """Keep what is fit of ``body``, unless it is a heartbeat; False: the disk refuses it."""
        body = replace(body, data=fit_to_keep(body.data))
        return self._keep(body, self._understood(body))

    def _understood(self, body: Body) -> Understood:
        try:
            return self.adapter.understand(body)
        except BadBodyError:
            return Understood()

    def _keep(self, body: Body, understood: Understood) -> bool:
        self.signs.hear(is_heartbeat=understood.is_heartbeat)
        if understood.is_heartbeat:
            return True
        try:
            self.spool.keep(body)
        except SpoolError as error:
            log.warning("a body cannot be kept, the camera shall send it again: %s", error)
            return False
        return True

    def take(self, body: Body) -> Response:
        """Keep what is fit of ``body``, then answer."""
        body = replace(body, data=fit_to_keep(body.data))
        understood = self._understood(body)
        if not self._keep(body, understood):
            return Response(b"", 503, {"Retry-After": "5"})
        greeting = self.greeter.greeting(understood) if self.greeter else SILENCE
        answer = self.adapter.answer(body, greeting)
        return Response(answer, mimetype="application/json" if answer else "text/plain")

    def lets_in(self, address: str) -> bool:
        """Whether a camera at this address may post."""
        found = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(found, "ipv4_mapped", None) or found
        if not self.allowed:
            return bool(mapped.is_private)
        return any(mapped in network for network in self.allowed)


def networks(allowed: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses and networks as the settings name them.

    Raises:
        OperatorError: one is neither.
    """
    found = []
    for each in allowed:
        try:
            found.append(ipaddress.ip_network(each, strict=False))
        except ValueError as error:
            raise OperatorError("error.camera_allowed", address=each) from error
    return tuple(found)


@contextmanager
def open_door(settings: CameraSettings, door: Door) -> Iterator[None]:
    """Let cameras post inside the ``with`` block.

    Raises:
        OperatorError: the address is not available.
    """
    listener = listen(*settings.listens_at)
    server = WebServer(create_door(door), listener, largest_body=LARGEST_BODY_BYTES)
    server.start()
    try:
        yield
    finally:
        server.stop()


def create_door(door: Door) -> Flask:
    """The web application; nothing runs yet."""
    app = Flask("gate.intake", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES)

    def post(token: str = "") -> Response:
        if not door.lets_in(request.remote_addr or ""):
            log.warning("a post from %s is refused", request.remote_addr)
            abort(403)
        if door.token and not same_secret(token, door.token):
            log.warning("a post from %s without the token is refused", request.remote_addr)
            abort(403)
        return door.take(_body())

    for number, path in enumerate((f"/in/{door.source}", *door.adapter.paths)):
        name = f"post_{number}"
        app.add_url_rule(path, name, post, methods=["POST"], strict_slashes=False)
        with_token = f"{path.rstrip('/')}/<token>"
        app.add_url_rule(with_token, f"{name}_token", post, methods=["POST"], strict_slashes=False)
    app.add_url_rule("/health", "health", lambda: "ok")
    return app


def _body() -> Body:
    path = request.path
    token = (request.view_args or {}).get("token")
    if token:
        path = path.removesuffix("/").removesuffix(f"/{token}")
    return Body(request.get_data(cache=False), path, request.content_type or "")
