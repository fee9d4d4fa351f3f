"""What mosquitto needs to run as our own unprivileged process: its files, and its log's lines.

Its plugin for accounts (dynamic security) lets each account connect with its own client id alone,
and takes accounts in and out while it runs; see ``live_accounts``.
"""

import base64
import getpass
import hashlib
import re
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from broker.mqtt_server.accounts import Access, Account, filters
from broker.private_file import write_private
from shared.codec import MAX_PAYLOAD_BYTES
from shared.topics import Party

HASH_ROUNDS = 101
"""PBKDF2 rounds of the passwords: as few as the plugin takes. Ours are 144 random bits: no round is
needed to protect them, and a slow hash would only delay forty phones that reconnect at once."""
CONTROL = "$CONTROL/dynamic-security/v1"
"""The topic on which the plugin takes commands, from its ruler alone."""
RULER = "yingbin-mqtt"
"""The account with which ``live_accounts`` rules the plugin."""

CONFIG_NAME = "mosquitto.conf"
_PLACES = ("mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")
_PLUGIN = "mosquitto_dynamic_security.so"
_ACL_KINDS = {Access.READ: "publishClientReceive", Access.WRITE: "publishClientSend"}
"""What the plugin calls each access. Everybody may subscribe: what may not be heard never comes."""

_CONFIG = """\
# Written by yingbin at each start; changes are lost.
per_listener_settings false
allow_anonymous false
plugin {plugin}
plugin_opt_config_file {folder}/accounts.json
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


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens: MQTT, MQTT over WebSocket, and both with TLS if there is any."""

    host: str
    ports: tuple[int, int]
    secure: TlsPorts | None = None


def find_mosquitto() -> Path | None:
    """This machine's mosquitto binary; None if there is none, or it lacks its plugin."""
    found = next((path for name in _PLACES if (path := shutil.which(name))), None)
    return Path(found) if found and find_plugin() else None


def find_plugin() -> Path | None:
    """The plugin that binds client ids to accounts; None if there is none."""
    folders = (Path("/usr/lib"), Path("/usr/local/lib"))
    return next((path for folder in folders for path in _plugins_in(folder)), None)


def _plugins_in(folder: Path) -> Iterable[Path]:
    yield from (path for path in (folder / _PLUGIN, *folder.glob(f"*/{_PLUGIN}")) if path.is_file())


def new_ruler() -> Account:
    """The account that rules the plugin until mosquitto ends."""
    return Account(RULER, secrets.token_urlsafe(24), Party.HUB, "hub").with_own_id()


def write_files(
    folder: Path,
    accounts: Sequence[Account],
    ruler: Account,
    *,
    site: str,
    listening: Listening,
) -> None:
    """Write the config and the accounts into ``folder``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = _CONFIG.format(
        folder=folder.resolve(),
        plugin=find_plugin(),
        host=listening.host,
        port=listening.ports[0],
        ws_port=listening.ports[1],
        limit=MAX_PAYLOAD_BYTES,
        # Started by root, it would else change to a user who cannot read our private files.
        user="user root" if getpass.getuser() == "root" else "",
    )
    if (secure := listening.secure) is not None:
        config += _SECURE.format(
            host=listening.host,
            port=secure.ports[0],
            ws_port=secure.ports[1],
            certificate=secure.certificate.resolve(),
        )
    texts = {
        "accounts.json": msgspec.json.encode(_security(accounts, ruler, site)).decode(),
        CONFIG_NAME: config,
    }
    for name, text in texts.items():
        write_private(folder / f"{name}.new", text)
    for name in texts:  # a full disk leaves the old ones whole
        (folder / f"{name}.new").replace(folder / name)


def _security(accounts: Sequence[Account], ruler: Account, site: str) -> dict[str, Any]:
    # Of topics that begin with $CONTROL nobody hears but who may subscribe by name.
    kinds = (*_ACL_KINDS.values(), "subscribePattern")
    rule = [_acl(kind, f"{CONTROL}/#") for kind in kinds]
    return {
        "defaultACLAccess": {
            "publishClientSend": False,
            "publishClientReceive": False,
            "subscribe": True,
            "unsubscribe": True,
        },
        "clients": [
            client(account) | password_hash(account.password) for account in (*accounts, ruler)
        ],
        "groups": [],
        "roles": [{"rolename": RULER, "acls": rule}]
        + [role(account, site=site) for account in accounts],
    }


def client(account: Account) -> dict[str, Any]:
    """``account`` in the plugin's words, without its password."""
    bound = {} if account.client_id is None else {"clientid": account.client_id}
    return {"username": account.username, "roles": [{"rolename": account.username}], **bound}


def role(account: Account, *, site: str) -> dict[str, Any]:
    """What ``account`` may do, in the plugin's words."""
    acls = [
        _acl(_ACL_KINDS[access], name)
        for access in Access
        for name in filters(account, access, site=site)
    ]
    return {"rolename": account.username, "acls": acls}


def _acl(kind: str, topic: str) -> dict[str, Any]:
    return {"acltype": kind, "topic": topic, "priority": 0, "allow": True}


def password_hash(password: str) -> dict[str, Any]:
    """``password`` as in the plugin's file: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, HASH_ROUNDS)
    password_text, salt_text = (base64.b64encode(part).decode() for part in (digest, salt))
    return {"password": password_text, "salt": salt_text, "iterations": HASH_ROUNDS}


_CONNECTED = re.compile(r"New client connected from \S+ as (.+) \(p\d, c\d, k\d+, u'(.+)'\)")


def who_connected(line: str) -> tuple[str, str] | None:
    """The client id and the user name, if the line tells that somebody connected."""
    found = _CONNECTED.search(line)
    return (found[1], found[2]) if found else None


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
