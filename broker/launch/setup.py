"""Writes a site's settings: a TOML file per program, with fresh secrets."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from broker.certificates.keeping import AUTHORITY_KEY, FOLDER, keep
from broker.launch import demo
from broker.launch.settings_file import write_table
from broker.launch.site_accounts import accounts_for
from broker.launch.web_secrets import (
    read_or_make_web_secrets,
    separate_keys,
    write_web_secrets,
)
from broker.local.lan_address import lan_address
from broker.mqtt_server.accounts import Account, read_accounts, write_accounts
from broker.private_file import write_private
from broker.site_file import SitePeople, first_people
from broker.site_key.key import FILE_NAME as KEY_NAME
from broker.site_key.key import make_key
from broker.site_key.signing import FILE_NAME as SIGNING_NAME
from broker.site_key.signing import make_signer
from shared.clock import now
from shared.sealed_file import data_key_of, make_data_key

_SECRETS = ("accounts.json", "web.json", KEY_NAME, SIGNING_NAME, AUTHORITY_KEY, FOLDER)
PICTURE_FPS = 3.0
"""A still picture need not be read as often as a car that drives by."""
SECURE_ABOVE = 4
"""By so much a port with TLS lies above the plain one."""
_EXAMPLES = Path(__file__).parents[1]
_EXAMPLE_POLICY = _EXAMPLES / "policy.example.toml"


@dataclass(frozen=True, slots=True)
class Ports:
    """A site's ports: N MQTT, N+1 MQTT over WebSocket, N+2 kiosk, N+3 staff's pages.

    The next four are the same with TLS.
    """

    first: int

    @property
    def mqtt(self) -> int:
        """MQTT over TCP."""
        return self.first

    @property
    def mqtt_ws(self) -> int:
        """MQTT over WebSocket."""
        return self.first + 1

    @property
    def kiosk(self) -> int:
        """The tablet's pages."""
        return self.first + 2

    @property
    def console(self) -> int:
        """The staff's pages: console and handhelds."""
        return self.first + 3

    @property
    def all(self) -> range:
        """Every port of the site."""
        return range(self.first, self.first + 2 * SECURE_ABOVE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to set up."""

    site: str
    site_name: str
    config: Path
    """The folder of the settings files; ``site.toml`` with the people is one of them."""
    state: Path
    """The folder of the programs' data, with a subfolder for each."""
    ports: Ports
    host: str
    camera: str | None
    """The gate's camera: a folder, a video, ``usb:0`` or an RTSP address; None: no gate."""
    engine: str = "auto"
    """The MQTT server: ``auto``, ``mosquitto`` or ``embedded``."""
    is_demo: bool = False
    enrols_once: bool = True
    """The tablet's link lets in one tablet; the other way it stays good, as ``up`` prints it."""
    every_s: float = 10.0
    """How long the demo's gate is shown each picture."""

    @property
    def people(self) -> Path:
        """``site.toml``."""
        return self.config / "site.toml"

    @property
    def policy(self) -> Path:
        """``policy.toml``: the site's choices of house rules."""
        return self.config / "policy.toml"

    @property
    def reached_at(self) -> str:
        """The address at which phones in the site's network find this machine."""
        return (lan_address() if self.host == "0.0.0.0" else self.host) or "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords and keys, which must stay the same when the site is started again."""

    accounts: tuple[Account, ...]
    web_key: str
    """Signs the cookies and QR log-ins of the staff's pages."""
    kiosk_key: str
    """Signs the tablet's cookies; whoever has the tablet may read it, and gains nothing else."""
    kiosk_pin: str
    kiosk_token: str

    def account(self, username: str) -> Account:
        """The MQTT account of this name."""
        return next(account for account in self.accounts if account.username == username)


def read_or_make_secrets(plan: Plan, people: SitePeople) -> Secrets:
    """The site's secrets: made at the first call, later with accounts added for new people."""
    plan.config.mkdir(mode=0o700, parents=True, exist_ok=True)
    accounts_file, web_file = plan.config / "accounts.json", plan.config / "web.json"
    kept = read_accounts(accounts_file) if accounts_file.exists() else ()
    web, is_shared = read_or_make_web_secrets(web_file)
    # Up to release 0.5 every page was told its person's password.
    accounts = accounts_for(people, kept, renews_staff=is_shared)
    write_accounts(accounts_file, accounts)
    make_key(plan.config / KEY_NAME)
    make_signer(plan.config / SIGNING_NAME)
    write_web_secrets(web_file, web)
    return Secrets(accounts, **web)


def write_settings(plan: Plan, kept: Secrets, *, is_fresh: bool = True) -> dict[str, Path]:
    """Write a settings file per program; returns their paths by program name.

    What somebody changed in a file stays; other lines follow the plan. Unless ``is_fresh``,
    existing files stay as they are.
    """
    tables = {
        "mqtt": _mqtt(plan),
        "hub": _hub(plan, kept),
        "kiosk": _kiosk(plan, kept),
    }
    if plan.camera is not None:
        tables["gate"] = _gate(plan, kept, plan.camera)
    if not plan.policy.exists():
        text = demo.POLICY if plan.is_demo else _EXAMPLE_POLICY.read_text(encoding="utf-8")
        write_private(plan.policy, text)
    paths = {name: plan.config / f"{name}.toml" for name in tables}
    for name, path in paths.items():
        if is_fresh or not path.exists():
            write_table(path, tables[name])
        make_data_key(data_key_of(path))
    separate_keys(paths["hub"], kept.kiosk_key, kept.web_key)
    return paths


def set_up(plan: Plan, owner: str | None) -> list[Path]:
    """Write the settings of a real site's services; existing files stay.

    Nobody is invented: the site's first manager enters the people by page, unless ``site.toml``
    lies there already.

    ``owner`` is the services' user, who alone may read them; None keeps the current user.
    """
    plan.config.mkdir(mode=0o750, parents=True, exist_ok=True)
    kept = read_or_make_secrets(plan, first_people(plan.people)[0])
    keep(plan.config, plan.site_name, now())
    programs = write_settings(plan, kept, is_fresh=False).values()
    written = [*filter(Path.exists, [plan.people]), plan.policy, *programs]
    if owner is not None:
        besides = (*map(data_key_of, programs), *(plan.config / FOLDER).iterdir())
        for path in (*written, *besides, *(plan.config / name for name in _SECRETS)):
            shutil.chown(path, user=owner, group=owner)
    return written


def _mqtt(plan: Plan) -> dict[str, object]:
    return {
        "site": plan.site,
        "data_dir": str(plan.state / "mqtt"),
        "accounts_file": str(plan.config / "accounts.json"),
        "listen_host": plan.host,
        "port": plan.ports.mqtt,
        "ws_port": plan.ports.mqtt_ws,
        "engine": plan.engine,
        "tls_ws_port": plan.ports.mqtt_ws + SECURE_ABOVE,
        **_tls(plan, plan.ports.mqtt),
    }


def _hub(plan: Plan, kept: Secrets) -> dict[str, object]:
    return {
        "site": plan.site,
        "site_name": plan.site_name,
        "data_dir": str(plan.state / "hub"),
        "site_file": str(plan.people),
        "policy_file": str(plan.policy),
        "accounts_file": str(plan.config / "accounts.json"),
        "secret_key": kept.web_key,
        "listen_host": plan.host,
        "listen_port": plan.ports.console,
        "mqtt_ws_port": plan.ports.mqtt_ws,
        "mqtt_wss_port": plan.ports.mqtt_ws + SECURE_ABOVE,
        "mqtts_port": plan.ports.mqtt + SECURE_ABOVE,
        **_tls(plan, plan.ports.console),
        "is_demo": plan.is_demo,
        "pictures_dir": str(plan.state / "pictures"),
        "mqtt": _client(plan, kept, "hub"),
    }


def _gate(plan: Plan, kept: Secrets, camera: str) -> dict[str, object]:
    table: dict[str, object] = {
        "site": plan.site,
        "gate_id": "north",
        "data_dir": str(plan.state / "gate"),
        "camera": {"source": camera},
        "mqtt": _client(plan, kept, "gate-north"),
    }
    if Path(camera).exists():  # pictures or a video are repeated, each time as a new visit
        pace = {"picture_shown_s": plan.every_s, "frames_per_second": PICTURE_FPS}
        table["camera"] = {"source": camera, "is_repeated": True, **pace}
    return table


def _kiosk(plan: Plan, kept: Secrets) -> dict[str, object]:
    return {
        "site": plan.site,
        "site_name": plan.site_name,
        "kiosk_id": "lobby",
        "data_dir": str(plan.state / "kiosk"),
        "listen_host": plan.host,
        "listen_port": plan.ports.kiosk,
        **_tls(plan, plan.ports.kiosk),
        "pin": kept.kiosk_pin,
        "secret_key": kept.kiosk_key,
        "enrol_token": kept.kiosk_token,
        "enrols_once": plan.enrols_once,
        "pictures_dir": str(plan.state / "pictures"),
        "visitor_page_url": f"http://{plan.reached_at}:{plan.ports.console}",
        "own_phone_url": f"http://{plan.reached_at}:{plan.ports.kiosk}",
        "mqtt": _client(plan, kept, "kiosk-lobby"),
    }


def _tls(plan: Plan, plain_port: int) -> dict[str, object]:
    return {
        "tls": "on",
        "tls_port": plain_port + SECURE_ABOVE,
        "certificates_dir": str(plan.config / FOLDER),
    }


def _client(plan: Plan, kept: Secrets, username: str) -> dict[str, object]:
    """By the plain port: these programs are on the MQTT server's machine, which nothing leaves."""
    account = kept.account(username)
    told = {"port": plan.ports.mqtt, "username": username, "password": account.password}
    return told if account.own_id is None else told | {"client_id": account.own_id}
