"""The address at which another device finds these pages."""

from urllib.parse import urlsplit

from flask import request

from broker.console.parts import parts

ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Addresses that on a phone would mean the phone itself."""


def origin() -> tuple[str, bool]:
    """The pages' address for a phone; False if only this machine can reach it."""
    host, is_reachable = host_for_phones()
    asked = urlsplit(request.host_url)
    if host == asked.hostname:
        return request.host_url.rstrip("/"), is_reachable
    return f"{asked.scheme}://{host}:{asked.port or 80}", is_reachable


def host_for_phones() -> tuple[str, bool]:
    """The name or address of this machine for a phone; False if only this machine knows it."""
    asked = urlsplit(request.host_url).hostname or "127.0.0.1"
    if asked not in ON_THIS_MACHINE:
        return asked, True
    lan_host = parts().site.lan_host
    return (asked, False) if lan_host is None else (lan_host, True)
