"""Runs the MQTT server of a site: mosquitto if it is installed, else the embedded server."""

import asyncio
import logging
import signal
import sys
import threading
import time
from enum import StrEnum
from pathlib import Path
from subprocess import Popen

from broker.child_process import start_child, stop_child
from broker.mqtt_server import mosquitto
from broker.mqtt_server.accounts import Account, AccountsWatch, read_accounts
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

    Accounts that are taken out of the accounts file are closed within seconds.
    """
    settings = read_config(MqttServerSettings, config)
    read_accounts(Path(settings.accounts_file))  # a broken file is reported now, not by the child
    with private(Path(settings.data_dir)):
        return _run(settings, config)


def _run(settings: MqttServerSettings, config: Path) -> int:
    accounts, ended = AccountsWatch(Path(settings.accounts_file)), told_to_stop()
    while not ended.is_set():
        child = _start(settings, config)
        _watch(child, settings, accounts, ended)
        stop_child(child, within_s=3.0)
        if not ended.wait(RESTART_AFTER_S):
            log.warning("the MQTT server ended (status %s); starting it again", child.returncode)
    return 0


def serve_embedded(config: Path) -> int:
    """Run as the embedded server, the child that ``run`` starts."""
    from broker.mqtt_server.embedded import serve  # importing amqtt takes a second

    settings = read_config(MqttServerSettings, config)
    ports, secure = (settings.port, settings.ws_port), _secure(settings)
    accounts_file, host = Path(settings.accounts_file), settings.listen_host
    fronts = (
        [
            TlsFront((host, port), (_inner_host(settings), plain), secure.certificate)
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


def _inner_host(settings: MqttServerSettings) -> str:
    """Where this machine itself finds the server."""
    return "127.0.0.1" if settings.listen_host == "0.0.0.0" else settings.listen_host


def _start(settings: MqttServerSettings, config: Path) -> "Popen[str]":
    binary = _engine_binary(settings)
    if binary is None:
        return start_child(
            [sys.executable, "-m", "broker", "mqtt-embedded", "--config", config.resolve()]
        )
    written = _write_files(settings, read_accounts(Path(settings.accounts_file)))
    child = start_child([binary, "-c", written], pipe_errors=True)
    threading.Thread(target=_pass_on_log, args=[child], daemon=True).start()
    return child


def _engine_binary(settings: MqttServerSettings) -> Path | None:
    """The mosquitto that runs here; None: the embedded server does."""
    return None if settings.engine is Engine.EMBEDDED else mosquitto.find_mosquitto()


def _write_files(settings: MqttServerSettings, accounts: tuple[Account, ...]) -> Path:
    """The config; that of the last start where the disk takes nothing."""
    folder = Path(settings.data_dir) / "mosquitto"
    try:
        return mosquitto.write_files(
            folder,
            accounts,
            site=settings.site,
            host=settings.listen_host,
            ports=(settings.port, settings.ws_port),
            secure=_secure(settings),
        )
    except OSError as error:
        kept = folder / "mosquitto.conf"
        if disk_trouble(error, folder) is None or not kept.exists():
            raise
        log.warning("%s: the files of the last start are used (%s)", folder, error)
        return kept


def _pass_on_log(child: "Popen[str]") -> None:
    refusals = Sparing()
    for line in child.stderr or ():
        if mosquitto.is_worth_logging(line):
            text = line.split(": ", 1)[-1].strip()
            for shown in refusals.lines(text) if mosquitto.is_refusal(text) else [text]:
                log.info("mosquitto: %s", shown)


def _watch(
    child: "Popen[str]",
    settings: MqttServerSettings,
    accounts: AccountsWatch,
    ended: threading.Event,
) -> None:
    """Wait until the child exits or we are told to stop; notify systemd while the server works.

    Also until there is another certificate: mosquitto's WebSocket ports show the old one on.
    """
    host, certificate = _inner_host(settings), settings.server_certificate
    shown = stamp_of(certificate) if certificate else None
    is_ready = False
    checked_at = 0.0
    while child.poll() is None and not ended.wait(0.2):
        if time.monotonic() - checked_at < (CHECK_EVERY_S if is_ready else 0):
            continue
        checked_at = time.monotonic()
        if certificate and stamp_of(certificate) != shown:
            log.info("%s is new: the MQTT server starts again with it", certificate)
            return
        if is_ready and (changed := accounts.changed()) is not None:
            _take_in(child, settings, changed)
        if is_alive(host, settings.port):
            notify("WATCHDOG=1" if is_ready else "READY=1")
            is_ready = True


def _take_in(
    child: "Popen[str]", settings: MqttServerSettings, accounts: tuple[Account, ...]
) -> None:
    """Let the running server know the accounts; it disconnects whoever has none any more."""
    if _engine_binary(settings) is not None:
        _write_files(settings, accounts)
    child.send_signal(signal.SIGHUP)
