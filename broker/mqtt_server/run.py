"""Runs the MQTT server of a site: mosquitto if it is installed, else the embedded server."""

import asyncio
import logging
import signal
import sys
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from subprocess import Popen

from broker.child_process import start_child, stop_child
from broker.mqtt_server import mosquitto
from broker.mqtt_server.accounts import Account, AccountsWatch, read_accounts
from broker.mqtt_server.live_accounts import LiveAccounts
from broker.mqtt_server.log_limit import Sparing
from broker.mqtt_server.sign_of_life import is_alive
from shared.config import TlsSettings, read_config
from shared.disk import disk_trouble
from shared.errors import OperatorError
from shared.messages import NodeId
from shared.private_files import private
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.tls_front import TlsFront, shown_by, stamp_of

log = logging.getLogger(__name__)

CHECK_EVERY_S = 2.0
LOOK_EVERY_S = 0.2
"""How often the accounts file is looked at: who logs out is disconnected within a second."""
RESTART_AFTER_S = 0.5


class Engine(StrEnum):
    """Which program is the server."""

    AUTO = "auto"
    MOSQUITTO = "mosquitto"
    EMBEDDED = "embedded"


class MqttServerSettings(TlsSettings, frozen=True, kw_only=True):
    """``mqtt.toml``."""

    site: NodeId
    data_dir: str
    accounts_file: str
    listen_host: str = "0.0.0.0"  # phones and gates come from the network
    port: int = 1883
    ws_port: int = 1884
    tls_port: int = 8883
    tls_ws_port: int = 8884
    engine: Engine = Engine.AUTO


def run(config: Path) -> int:
    """Run the server until SIGTERM; if it ends, start it again with fresh files.

    Accounts that are taken out of the accounts file are closed within a second.
    """
    settings = read_config(MqttServerSettings, config)
    read_accounts(Path(settings.accounts_file))  # a broken file is reported now, not by the child
    with private(Path(settings.data_dir)):
        return _run(settings, config)


def _run(settings: MqttServerSettings, config: Path) -> int:
    accounts, ended = AccountsWatch(Path(settings.accounts_file)), told_to_stop()
    while not ended.is_set():
        server = _start(settings, config)
        _watch(server, settings, accounts, ended)
        stop_child(server.child, within_s=3.0)
        if not ended.wait(RESTART_AFTER_S):
            log.warning(
                "the MQTT server ended (status %s); starting it again", server.child.returncode
            )
    return 0


def serve_embedded(config: Path) -> int:
    """Run as the embedded server, the child that ``run`` starts."""
    from broker.mqtt_server.embedded import serve  # importing amqtt takes a second

    settings = read_config(MqttServerSettings, config)
    ports, secure = (settings.port, settings.ws_port), _secure(settings)
    accounts_file, host = Path(settings.accounts_file), settings.listen_host
    fronts = (
        [
            TlsFront((host, port), (_address(settings)[0], plain), secure.certificate)
            for port, plain in zip(secure.ports, ports, strict=True)
        ]
        if secure
        else []
    )
    asyncio.run(serve(accounts_file, site=settings.site, host=host, ports=ports, fronts=fronts))
    return 0


def _secure(settings: MqttServerSettings) -> mosquitto.TlsPorts | None:
    """What is served with TLS; None: nothing, because it is off or there is no certificate.

    Without one the plain ports serve all the same: visitors wait at the door.
    """
    certificate = settings.server_certificate
    if certificate is None:
        return None
    try:
        shown_by(certificate)
    except OperatorError as error:
        log.warning("no TLS: %s", error)
        return None
    return mosquitto.TlsPorts(certificate, (settings.tls_port, settings.tls_ws_port))


@dataclass(frozen=True, slots=True)
class _Server:
    """The running server; ``live`` None: it runs with the accounts of an earlier start."""

    child: "Popen[str]"
    live: LiveAccounts | None = None
    is_embedded: bool = False


def _start(settings: MqttServerSettings, config: Path) -> _Server:
    binary = _engine_binary(settings)
    if binary is None:
        embedded = (sys.executable, "-m", "broker", "mqtt-embedded", "--config", config.resolve())
        return _Server(start_child(embedded), is_embedded=True)
    accounts, ruler = read_accounts(Path(settings.accounts_file)), mosquitto.new_ruler()
    is_written = _write_files(settings, accounts, ruler)
    child = start_child([binary, "-c", _config(settings)], pipe_errors=True)
    live = LiveAccounts(accounts, ruler, site=settings.site, address=_address(settings))
    threading.Thread(target=_pass_on_log, args=[child, live], daemon=True).start()
    return _Server(child, live if is_written else None)


def _engine_binary(settings: MqttServerSettings) -> Path | None:
    """The mosquitto that runs here; None: the embedded server does."""
    return None if settings.engine is Engine.EMBEDDED else mosquitto.find_mosquitto()


def _address(settings: MqttServerSettings) -> tuple[str, int]:
    """Where we reach the server ourselves."""
    host = "127.0.0.1" if settings.listen_host == "0.0.0.0" else settings.listen_host
    return host, settings.port


def _config(settings: MqttServerSettings) -> Path:
    return Path(settings.data_dir, "mosquitto", mosquitto.CONFIG_NAME)


def _write_files(
    settings: MqttServerSettings, accounts: tuple[Account, ...], ruler: Account
) -> bool:
    """Write what mosquitto needs; False: the disk takes nothing, and the last start's are there."""
    config = _config(settings)
    try:
        mosquitto.write_files(
            config.parent,
            accounts,
            ruler,
            site=settings.site,
            listening=mosquitto.Listening(
                settings.listen_host, (settings.port, settings.ws_port), _secure(settings)
            ),
        )
    except OSError as error:
        if disk_trouble(error, config.parent) is None or not config.exists():
            raise
        log.warning("%s: the files of the last start are used (%s)", config.parent, error)
        return False
    return True


def _pass_on_log(child: "Popen[str]", live: LiveAccounts) -> None:
    refusals = Sparing()
    for line in child.stderr or ():
        if connected := mosquitto.who_connected(line):
            live.note_connection(*connected)
        if mosquitto.is_worth_logging(line):
            text = line.split(": ", 1)[-1].strip()
            for shown in refusals.lines(text) if mosquitto.is_refusal(text) else [text]:
                log.info("mosquitto: %s", shown)


def _watch(
    server: _Server,
    settings: MqttServerSettings,
    accounts: AccountsWatch,
    ended: threading.Event,
) -> None:
    """Wait until the child exits or we are told to stop; notify systemd while the server works.

    Also until there is another certificate: mosquitto's WebSocket ports show the old one on.
    """
    certificate = settings.server_certificate
    shown = stamp_of(certificate) if certificate else None
    is_ready = False
    checked_at = 0.0
    while server.child.poll() is None and not ended.wait(LOOK_EVERY_S):
        if is_ready:
            _take_in(server, accounts.changed())
        if time.monotonic() - checked_at < (CHECK_EVERY_S if is_ready else 0):
            continue
        checked_at = time.monotonic()
        if certificate and stamp_of(certificate) != shown:
            log.info("%s is new: the MQTT server starts again with it", certificate)
            return
        if is_alive(*_address(settings)):
            notify("WATCHDOG=1" if is_ready else "READY=1")
            is_ready = True


def _take_in(server: _Server, changed: tuple[Account, ...] | None) -> None:
    """Let the running server know the accounts; it disconnects whoever has none any more."""
    if server.live.take_in(changed) if server.live is not None else changed is None:
        return
    if server.is_embedded:
        server.child.send_signal(signal.SIGHUP)
    else:
        log.warning("mosquitto starts again, to know all accounts")
        server.child.terminate()
