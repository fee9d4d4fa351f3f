"""Where the local network finds this machine."""

import socket


def lan_address() -> str | None:
    """This machine's address as the local network sees it; None without a network.

    Connecting a datagram socket sends nothing: it only asks for the route (192.0.2.1 is
    documentation space, RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address
