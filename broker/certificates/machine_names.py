"""Under which names and addresses the site's network finds this machine."""

import fcntl
import re
import socket
import struct
from array import array
from ipaddress import IPv4Address

LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_SIOCGIFCONF = 0x8912
"""netdevice(7): the interfaces that have an IPv4 address, each a ``struct ifreq``."""
_IFREQ_BYTES, _ADDRESS_AT = 40, 20
"""On 64 bits: 16 of the name, 4 of the family and port, then the address."""
_INTERFACES_AT_MOST = 256
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def machine_names() -> frozenset[str]:
    """This machine's host names and IPv4 addresses, as a certificate lists them."""
    host = socket.gethostname().lower()
    hosts = {host, f"{host.partition('.')[0]}.local"} if _HOST.fullmatch(host) else set()
    return LOOPBACK | hosts | _addresses()


def _addresses() -> set[str]:
    """Asked without netlink, which the services' units close."""
    answers = array("B", bytes(_INTERFACES_AT_MOST * _IFREQ_BYTES))
    place, room = answers.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        asked = fcntl.ioctl(probe.fileno(), _SIOCGIFCONF, struct.pack("iP", room, place))
    (filled, _) = struct.unpack("iP", asked)
    starts = range(_ADDRESS_AT, filled, _IFREQ_BYTES)
    return {str(IPv4Address(answers[at : at + 4].tobytes())) for at in starts}
