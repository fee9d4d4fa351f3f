"""This machine's address in the local network."""

import socket


def lan_address() -> str | None:
    """This machine's address in the local network; None without a network.

    Connecting a datagram socket sends nothing, it only looks up the route (192.0.2.1 is
    documentation space, RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address
