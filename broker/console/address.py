"""The address at which another device finds these pages."""

from urllib.parse import urlsplit

from flask import request

from broker.console.parts import parts

ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Addresses that on a phone would mean the phone itself."""


def origin() -> tuple[str, bool]:
    """The pages' address for a phone; False if only this machine can reach it."""
    asked = urlsplit(request.host_url)
    if asked.hostname not in ON_THIS_MACHINE:
        return request.host_url.rstrip("/"), True
    lan_host = parts().site.lan_host
    if lan_host is None:
        return request.host_url.rstrip("/"), False
    return f"{asked.scheme}://{lan_host}:{asked.port or 80}", True
