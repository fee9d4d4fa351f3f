"""``yingbin camera probe``: what a camera is, and what to set in its menu."""

import http.client
import ipaddress
import socket
import tempfile
from collections.abc import Iterator

from gate.intake.setting_up import SettingUp
from gate.vendors.signs import DOORS, QUESTIONS, Reply, vendor_of
from shared.command_line import Terminal
from shared.words import read_words

WAIT_S = 3.0
MOST_BYTES = 8_000
OUR_PORT = 8092


def main(argv: list[str], terminal: Terminal) -> int:
    """Ask the address that ``argv`` names; 1 where nobody answers or nobody knows what it is."""
    parser = terminal.parser("yingbin camera", "help.camera_command")
    parser.add_argument("what", choices=["probe"], help=terminal.say("help.camera_probe"))
    parser.add_argument("address", metavar="ADDRESS", help=terminal.say("help.camera_address"))
    asked = parser.parse_args(argv)
    return 0 if tell(terminal, asked.address) else 1


def tell(terminal: Terminal, address: str) -> bool:
    """Say what was found there; whether it is a camera that we take."""
    words = read_words("gate")

    def say(key: str, **values: object) -> str:
        return words.say(key, terminal.language, **values)

    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    replies = list(ask(host, int(port) if port.isdigit() else None))
    if not replies:
        terminal.warn(say("probe.silent", address=address))
        return False
    source, ports = vendor_of(replies), sorted({reply.port for reply in replies})
    if source is None:
        terminal.warn(say("probe.unknown", address=address, ports=", ".join(map(str, ports))))
    else:
        terminal.tell(say("probe.found", address=address, name=say(f"vendor.{source}")))
        setting_up = SettingUp(source, _own_address(host), OUR_PORT, "", say)
        for number, step in enumerate(setting_up.steps(), start=1):
            terminal.tell(f"  {number}. {step}")
        terminal.tell(say("probe.drawing", path=_kept(setting_up.drawing(), source)))
        terminal.tell(say("probe.settings", source=source))
    if 554 in ports:
        terminal.tell(say("probe.rtsp", address=host))
    return source is not None


def ask(host: str, port: int | None = None) -> Iterator[Reply]:
    """What the pages at ``host`` answer; at ``port`` instead of the usual ones, if given."""
    away: set[int] = set()
    for usual, path in QUESTIONS:
        there = port or usual
        if there not in away:
            reply = _page(host, there, path)
            if reply is None:
                away.add(there)
            else:
                yield reply
    for door in () if port else DOORS:
        try:
            with socket.create_connection((host, door), timeout=WAIT_S):
                yield Reply(door)
        except OSError:
            continue


def _kept(drawing: bytes, source: str) -> str:
    """The path of a file of its own with the drawing."""
    with tempfile.NamedTemporaryFile(
        prefix=f"yingbin-{source}-", suffix=".svg", delete=False
    ) as file:
        file.write(drawing)
    return file.name


def _page(host: str, port: int, path: str) -> Reply | None:
    connection = http.client.HTTPConnection(host, port, timeout=WAIT_S)
    try:
        connection.request("GET", path, headers={"User-Agent": "yingbin"})
        answer = connection.getresponse()
        head = "\n".join(f"{name}: {value}" for name, value in answer.getheaders())
        text = answer.read(MOST_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return Reply(port, path, answer.status, head, text)


def _own_address(host: str) -> str:
    """This machine's address as the camera sees it; nothing is sent for that."""
    try:
        is_v6 = ipaddress.ip_address(host).version == 6
        family = socket.AF_INET6 if is_v6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 9))
            own = str(probe.getsockname()[0])
            return f"[{own}]" if is_v6 else own
    except (OSError, ValueError):
        return socket.gethostname()
