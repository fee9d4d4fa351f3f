"""What mosquitto needs to run as our own unprivileged process: its files, and its log's lines."""

import base64
import getpass
import hashlib
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from broker.mqtt_server.accounts import Access, Account, filters
from broker.private_file import write_private
from shared.codec import MAX_PAYLOAD_BYTES

HASH_ROUNDS = 1000
"""PBKDF2 rounds of the password file. Our passwords are 144 random bits: no round is needed to
protect them, and a slow hash would only delay forty phones that reconnect at once."""

_PLACES = ("mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")

_CONFIG = """\
# Written by yingbin at each start; changes are lost.
per_listener_settings false
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/access
# The truth is in the hub's file; this server has nothing to remember.
persistence false
max_queued_messages 2000
message_size_limit {limit}
{user}
log_dest stderr
log_type all
connection_messages true
set_tcp_nodelay true

listener {port} {host}

listener {ws_port} {host}
protocol websockets
"""


_SECURE = """
listener {port} {host}
certfile {certificate}
keyfile {certificate}

listener {ws_port} {host}
protocol websockets
certfile {certificate}
keyfile {certificate}
"""


@dataclass(frozen=True, slots=True)
class TlsPorts:
    """What the server shows with TLS, and on which ports: MQTT, and MQTT over WebSocket."""

    certificate: Path
    ports: tuple[int, int]


def find_mosquitto() -> Path | None:
    """This machine's mosquitto binary; None if there is none."""
    found = next((path for name in _PLACES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def write_files(
    folder: Path,
    accounts: Sequence[Account],
    *,
    site: str,
    host: str,
    ports: tuple[int, int],
    secure: TlsPorts | None = None,
) -> Path:
    """Write the config, password and access files into ``folder``; returns the config's path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = _CONFIG.format(
        folder=folder.resolve(),
        host=host,
        port=ports[0],
        ws_port=ports[1],
        limit=MAX_PAYLOAD_BYTES,
        # Started by root, it would else change to a user who cannot read our private files.
        user="user root" if getpass.getuser() == "root" else "",
    )
    if secure is not None:
        config += _SECURE.format(
            host=host,
            port=secure.ports[0],
            ws_port=secure.ports[1],
            certificate=secure.certificate.resolve(),
        )
    texts = {
        "passwords": "".join(f"{a.username}:{password_hash(a.password)}\n" for a in accounts),
        "access": "\n".join(access_lines(account, site=site) for account in accounts),
        "mosquitto.conf": config,
    }
    for name, text in texts.items():
        write_private(folder / f"{name}.new", text)
    for name in texts:  # a full disk leaves the old ones whole
        (folder / f"{name}.new").replace(folder / name)
    return folder / "mosquitto.conf"


def password_hash(password: str) -> str:
    """``password`` as in mosquitto's password file: ``$7$`` means PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, HASH_ROUNDS)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"$7${HASH_ROUNDS}${'$'.join(parts)}"


def access_lines(account: Account, *, site: str) -> str:
    """The access file's lines for ``account``."""
    lines = [f"user {account.username}"]
    for access in Access:
        lines += [f"topic {access.value} {name}" for name in filters(account, access, site=site)]
    return "\n".join(lines) + "\n"


def is_worth_logging(line: str) -> bool:
    """Whether an operator should see this line of mosquitto's log, which has one per packet.

    Our own sign of life ends with a protocol error of a client without a name.
    """
    words = ("denied", "dropped", "not authori", "error", "warning", "oversize", "running")
    is_sign_of_life = "<unknown>" in line and "protocol error" in line
    return not is_sign_of_life and any(word in line.lower() for word in words)


def is_refusal(line: str) -> bool:
    """Whether this line says that a client was refused to publish or receive something."""
    return line.lower().startswith("denied")
