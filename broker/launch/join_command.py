"""``yingbin join``: this machine's gate or kiosk joins a site by the link that a manager made."""

import hashlib
import secrets
import shutil
import ssl
import time
import urllib.error
import urllib.request
from argparse import Namespace
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from broker.certificates.keeping import AUTHORITY, FOLDER
from broker.console.join_view import DeviceKeys
from broker.launch.settings_file import write_table
from broker.launch.web_secrets import new_pin
from broker.local.lan_address import lan_address
from broker.site_file import DeviceKind
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.replacing import replace_file
from shared.sealed_file import data_key_of, make_data_key
from shared.trust import trusting
from shared.words import Sentence

WITHIN_S = 20.0
"""The hub makes the account within a second; a slow machine may take longer."""
ANSWER_WITHIN_S = 10.0
LONGEST_ANSWER = 1 << 16
KIOSK_PORT = 18832


def main(words: list[str], terminal: Terminal) -> int:
    """Ask the hub, and write the settings of this machine's program.

    Raises:
        OperatorError: the link is none or over, or the hub is not the one that it names.
    """
    asked = _asked(words, terminal)
    link = urlsplit(asked.link)
    if link.scheme != "https" or not link.hostname:
        raise OperatorError("error.join_link", link=asked.link)
    asked.config.mkdir(mode=0o750, parents=True, exist_ok=True)
    ca_file = _authority(link, asked.config / FOLDER / AUTHORITY)
    joined = _joined(link, trusting(ca_file))
    for path in _write(joined, asked, link.hostname, ca_file):
        if asked.owner is not None:
            shutil.chown(path, user=asked.owner, group=asked.owner)
        terminal.tell(str(path))
    program, node = joined.kind, joined.node_id
    terminal.tell(Sentence("join.done", site=joined.site_name, program=program, node=node))
    return 0


def _asked(words: list[str], terminal: Terminal) -> Namespace:
    say, parser = terminal.say, terminal.parser("yingbin join", "help.join")
    config, state = Path("/etc/yingbin"), Path("/var/lib/yingbin")
    parser.add_argument("link", metavar="LINK", help=say("help.join_link"))
    parser.add_argument(
        "--config", type=Path, default=config, metavar="DIR", help=say("help.setup_config")
    )
    parser.add_argument(
        "--state", type=Path, default=state, metavar="DIR", help=say("help.setup_state")
    )
    parser.add_argument("--camera", metavar="SOURCE", default="usb:0", help=say("help.camera"))
    parser.add_argument(
        "--port", type=int, default=KIOSK_PORT, metavar="N", help=say("help.join_port")
    )
    parser.add_argument("--owner", help=say("help.setup_owner"))
    return parser.parse_args(words)


def _authority(link: SplitResult, file: Path) -> str:
    """Where the site's own authority is kept, which must be the one that the link names.

    Empty: the link names none, so the system's authorities are asked.

    Raises:
        OperatorError: somebody else answers there.
    """
    (wanted,) = parse_qs(link.query).get("ca", [""])
    if not wanted:
        return ""
    curious = ssl.create_default_context()
    curious.check_hostname, curious.verify_mode = False, ssl.CERT_NONE
    url = link._replace(path="/secure/site-ca.crt", query="").geturl()
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_WITHIN_S, context=curious) as answer:
            found = answer.read(LONGEST_ANSWER)
    except OSError as error:
        raise OperatorError("error.join_hub", url=_bare(link), problem=error) from error
    if not secrets.compare_digest(hashlib.sha256(found).hexdigest(), wanted):
        raise OperatorError("error.join_stranger", host=link.hostname)
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    replace_file(file, ssl.DER_cert_to_PEM_cert(found).encode())
    return str(file)


def _joined(link: SplitResult, context: ssl.SSLContext) -> DeviceKeys:
    """What the hub says; it is asked again until it has made the account.

    Raises:
        OperatorError: it says nothing, or that the link is over.
    """
    asked = urllib.request.Request(link.geturl(), headers={"Accept": "application/json"})
    give_up_at_s = time.monotonic() + WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=ANSWER_WITHIN_S, context=context) as answer:
                return msgspec.json.decode(answer.read(LONGEST_ANSWER), type=DeviceKeys)
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > give_up_at_s:
                raise OperatorError("error.join_over", url=_bare(link)) from error
            time.sleep(0.2)
        except (OSError, msgspec.DecodeError) as error:
            raise OperatorError("error.join_hub", url=_bare(link), problem=error) from error


def _write(joined: DeviceKeys, asked: Namespace, host: str, ca_file: str) -> list[Path]:
    """Write the program's settings; returns the files, secrets among them."""
    program = str(joined.kind)
    own = _kiosk(joined, asked, host) if joined.kind is DeviceKind.KIOSK else _gate(asked)
    way = {"host": host, "port": joined.mqtt_port, "tls": True, "ca_file": ca_file}
    keys = {name: getattr(joined, name) for name in ("username", "password", "client_id")}
    table: dict[str, object] = {
        "site": joined.site,
        f"{program}_id": joined.node_id,
        "data_dir": str(asked.state / program),
        **own,
        "mqtt": way | keys,
    }
    path = asked.config / f"{program}.toml"
    write_table(path, table)
    make_data_key(data_key_of(path))
    return [path, data_key_of(path)]


def _gate(asked: Namespace) -> dict[str, object]:
    return {"camera": {"source": asked.camera}}


def _kiosk(joined: DeviceKeys, asked: Namespace, host: str) -> dict[str, object]:
    return {
        "site_name": joined.site_name,
        "listen_port": asked.port,
        "pin": new_pin(),
        "secret_key": secrets.token_urlsafe(32),
        "visitor_page_url": f"http://{host}:{joined.pages_port}",
        "own_phone_url": f"http://{lan_address() or '127.0.0.1'}:{asked.port}",
    }


def _bare(link: SplitResult) -> str:
    """The address without its secret."""
    return f"{link.scheme}://{link.netloc}"
