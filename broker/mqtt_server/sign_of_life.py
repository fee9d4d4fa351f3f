"""Whether an MQTT server works, asked without a log-in."""

import socket

_CONNECT = b"\x10\x0c\x00\x04MQTT\x63\x02\x00\x05\x00\x00"
"""A client of a version 99, which nobody speaks: the server says so (MQTT-3.1.2-2)."""


def is_alive(host: str, port: int, within_s: float = 2.0) -> bool:
    """Whether the server answers a client.

    To be connected proves nothing: the kernel does that for a server that hangs, too.
    """
    try:
        with socket.create_connection((host, port), timeout=within_s) as connection:
            connection.sendall(_CONNECT)
            return connection.recv(1) != b""
    except OSError:
        return False
