"""Under which names and addresses the site's network finds this machine."""

import fcntl
import re
import socket
import struct
from ipaddress import IPv4Address

LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_SIOCGIFADDR = 0x8915
"""netdevice(7): the IPv4 address of an interface."""
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def machine_names() -> frozenset[str]:
    """This machine's host names and IPv4 addresses, as a certificate lists them."""
    host = socket.gethostname().lower()
    hosts = {host, f"{host.partition('.')[0]}.local"} if _HOST.fullmatch(host) else set()
    return LOOPBACK | hosts | _addresses()


def _addresses() -> set[str]:
    found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            asked = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, asked)
            except OSError:  # it has none
                continue
            found.add(str(IPv4Address(answer[20:24])))
    return found
