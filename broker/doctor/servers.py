"""Checks of the running MQTT server and web servers."""

import http.client
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from broker.certificates.keeping import AUTHORITY
from broker.doctor.certificate_check import tls_trouble, trusted_of
from broker.doctor.finding import Finding, hint, wrong
from broker.doctor.patient import Patient
from broker.health.site_figures import NodeName
from broker.mqtt_server.access_check import try_out
from broker.mqtt_server.access_matrix import Breach, one_of_each
from broker.mqtt_server.accounts import Account
from broker.mqtt_server.mosquitto import find_mosquitto
from broker.mqtt_server.plain_client import PlainClient, Way, way_of
from broker.mqtt_server.run import Engine
from broker.mqtt_server.twins import twins
from shared.codec import read_delivery
from shared.config import MqttSettings
from shared.errors import MessageError
from shared.messages import NodeKind, NodeState, NodeStatus
from shared.node import HEARTBEAT_S
from shared.topics import Party, filters_for
from shared.trust import trusting

ANSWER_WITHIN_S = 3.0
LISTEN_S = HEARTBEAT_S + 3.0
"""Longer than a heartbeat, so that every running node is heard."""
CLOCKS_APART_S = 2.0
"""House rules count seconds, and messages carry their sender's time."""
CLOCKS_WRONG_S = 60.0
"""The manager is told of so much: evenings and waits are then told wrong to people."""
BREACHES_SHOWN = 5


def mqtt_server(patient: Patient) -> Iterator[Finding]:
    """The MQTT server takes connections, by WebSocket too, and refuses strangers."""
    host, port = patient.address
    assert patient.hub
    for number in (port, patient.hub.mqtt_ws_port):
        if not _is_open(host, number):
            yield wrong("mqtt_silent", host=host, port=number)
    if _is_open(host, port):
        stranger = PlainClient(way_of(patient.hub.mqtt), None).open()
        stranger.close()
        if stranger.refusal is None:
            yield wrong("open_door", host=host, port=port)
    if patient.mqtt and patient.mqtt.engine is not Engine.EMBEDDED and find_mosquitto() is None:
        yield hint("no_mosquitto")


def log_ins(patient: Patient) -> Iterator[Finding]:
    """Every account that may choose its client id can log in: the others' owners are connected.

    Their passwords are compared in the files, and ``access`` tries their twins.
    """
    assert patient.hub
    for account in patient.accounts or ():
        if account.client_id is not None:
            continue
        settings = MqttSettings(username=account.username, password=account.password)
        client = PlainClient(way_of(patient.hub.mqtt), settings).open()
        client.close()
        if client.refusal is not None:
            yield wrong("log_in_refused", username=account.username, why=client.refusal)


def access(patient: Patient) -> Iterator[Finding]:
    """Every account can publish and receive what the table of topics allows, and nothing else."""
    hub = patient.hub
    assert hub
    accounts = one_of_each(patient.accounts or ())
    try:
        found = _tried(patient, accounts, list(_ways(patient)))
    except OSError as error:
        yield hint("access_untried", problem=error)
        return
    for breach in found[:BREACHES_SHOWN]:
        key = f"may_not_{breach.access}" if breach.is_allowed else f"may_{breach.access}"
        yield wrong(key, username=breach.username, topic=breach.topic)
    if len(found) > BREACHES_SHOWN:
        yield wrong("more_breaches", count=len(found) - BREACHES_SHOWN)
    programs = [each for each in patient.accounts or () if each.party is not Party.STAFF]
    if guessed := [each.username for each in programs if each.can_be_guessed]:
        yield hint("client_ids_guessed", names=", ".join(guessed))


def _tried(patient: Patient, accounts: list[Account], ways: list[Way]) -> list[Breach]:
    """The breaches of ``accounts``, whose twins share the ways: each day in another manner."""
    hub, days = patient.hub, patient.clock().toordinal()
    assert hub
    turns = range(len(ways)) if patient.is_thorough else [days % len(ways)]
    with twins(Path(hub.accounts_file), accounts, hub.mqtt) as trial:
        found = {
            breach
            for turn in turns
            for breach in try_out(
                trial, site=hub.site, ways=[*ways[turn:], *ways[:turn]], is_live=True
            )
        }
    names = {twin.username: each.username for twin, each in zip(trial, accounts, strict=True)}
    return sorted(
        replace(each, username=names[each.username], topic=names.get(each.topic, each.topic))
        for each in found
    )


def _ways(patient: Patient) -> Iterator[Way]:
    """Every way to the MQTT server that works; which do not is for other checks."""
    hub, mqtt, host = patient.hub, patient.mqtt, patient.address[0]
    assert hub
    yield way_of(hub.mqtt)
    if _is_open(host, hub.mqtt_ws_port):
        yield Way(host, hub.mqtt_ws_port, "websockets")
    if mqtt is None or (certificate := mqtt.server_certificate) is None:
        return
    ca_file = trusted_of(certificate.parent / AUTHORITY)
    secure = [Way(host, mqtt.tls_port), Way(host, mqtt.tls_ws_port, "websockets")]
    for way in secure:
        if tls_trouble(host, way.port, ca_file) is None:
            yield replace(way, trusting=trusting(ca_file))


def nodes(patient: Patient) -> Iterator[Finding]:
    """The hub answers; where it does not: who is heard at the MQTT server, whose clock is off."""
    if patient.figures is not None:
        return
    heard = _listen(patient)
    if not any(status.kind is NodeKind.HUB and not is_old for status, _, is_old in heard):
        yield wrong("hub_silent", seconds=int(LISTEN_S))
    for status, at, is_old in heard:
        name = NodeName(status.kind, "" if status.kind is NodeKind.HUB else status.node_id)
        if is_old and status.kind in (NodeKind.GATE, NodeKind.KIOSK):
            yield wrong("node_silent", name=name, since=f"{status.at.astimezone():%m-%d %H:%M}")
        if status.problem and not is_old:
            yield hint("node_problem", name=name, problem=status.problem)
        if not is_old:
            yield from _clock(name, (status.at - at).total_seconds())


def _clock(name: NodeName, ahead_s: float) -> Iterator[Finding]:
    seconds = f"{round(ahead_s):+}"
    if abs(ahead_s) > CLOCKS_WRONG_S:
        yield wrong("clock_apart", name=name, seconds=seconds)
    elif abs(ahead_s) > CLOCKS_APART_S:
        yield hint("clock_apart", name=name, seconds=seconds)


def pages(patient: Patient) -> Iterator[Finding]:
    """The staff's pages and the tablet's pages answer."""
    assert patient.hub
    kiosk = patient.edges.get("kiosk")
    for name, program in (("hub", patient.hub), ("kiosk", kiosk)):
        if program is not None and not _answers(program.listen_host, program.listen_port):
            yield wrong("page_silent", name=name, port=program.listen_port)


def _listen(patient: Patient) -> list[tuple[NodeStatus, datetime, bool]]:
    """Each node's last status, when it came, and whether the node is no longer running."""
    assert patient.hub
    site, monitor = patient.hub.site, patient.account(Party.MONITOR)
    assert monitor
    said: dict[str, list[tuple[NodeStatus, datetime]]] = {}

    def note(topic: str, payload: bytes) -> None:
        try:
            status = read_delivery(topic, payload, site=site)
        except MessageError:
            return
        if isinstance(status, NodeStatus):
            said.setdefault(topic, []).append((status, patient.clock()))

    settings = MqttSettings(username=monitor.username, password=monitor.password)
    client = PlainClient(way_of(patient.hub.mqtt), settings, note).open()
    client.listen(filters_for([NodeStatus], site=site, own={}), within_s=ANSWER_WITHIN_S)
    time.sleep(LISTEN_S)
    client.close()
    return [
        # The first may be a retained message; a running node has sent another since.
        (*each[-1], len(each) == 1 or each[-1][0].state is NodeState.OFFLINE)
        for _, each in sorted(said.items())
    ]


def _is_open(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=ANSWER_WITHIN_S):
            return True
    except OSError:
        return False


def _answers(host: str, port: int) -> bool:
    where = "127.0.0.1" if host == "0.0.0.0" else host
    connection = http.client.HTTPConnection(where, port, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
