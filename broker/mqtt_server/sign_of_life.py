"""Whether an MQTT server works, asked without a log-in."""

import socket


def is_alive(host: str, port: int, within_s: float = 2.0) -> bool:
    """Whether the server ends a connection that says goodbye at once.

    To be connected proves nothing: the kernel does that for a server that hangs, too.
    """
    try:
        with socket.create_connection((host, port), timeout=within_s) as connection:
            connection.settimeout(within_s)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(1) == b""
    except OSError:
        return False
