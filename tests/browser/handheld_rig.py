"""What the handheld page needs around it: a real MQTT server, the pages, and a hub to play."""

import json
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from waitress import create_server

from broker.console.app import create_app
from broker.console.site_view import Site
from broker.log_ins.sessions import LogIns
from broker.mqtt_server import mosquitto
from broker.mqtt_server.accounts import Account, new_account
from broker.mqtt_server.live_accounts import LiveAccounts
from shared.clock import now
from shared.codec import decode, encode, read_delivery
from shared.ids import new_id
from shared.messages import (
    Ack,
    AckAnswer,
    Alert,
    AlertClosed,
    CloseReason,
    Correction,
    LookUp,
    Message,
    NodeKind,
    NodeState,
    NodeStatus,
    Receipt,
    Registration,
    StaffReport,
)
from shared.outbox import message_id
from shared.topics import Party, topic_of
from tests.broker.console.fake_site import FakeSite
from tests.servers import free_ports, wait_for_port
from tests.waiting import CAME_AT_ALL_S, eventually

M = TypeVar("M", bound=Message)

SITE = "xihu"
HEARD = ("ack", "presence", "report", "registration", "look_up")
"""What phones say to the hub."""
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium(*, with_camera: bool = False) -> str | None:
    """Where Chromium is on this machine; None where there is none.

    The shell is the same browser without windows of its own: it starts with half of the work, but
    shows pages no camera.
    """
    wanted = CHROMIUM[1:] if with_camera else CHROMIUM
    return next(filter(None, map(shutil.which, wanted)), None)


@dataclass
class Heard:
    """One message that the hub got."""

    topic: str
    payload: bytes
    was_retained: bool
    at: float


class PlayedHub:
    """Publishes alerts, notes what phones say and gives receipts; decides nothing."""

    def __init__(self, port: int, password: str) -> None:
        self.heard: list[Heard] = []
        self.gives_receipts = self.saves = True
        self.refuses: dict[str, str] = {}
        """What its receipts say, by the tag of a language."""
        self._client = Client(CallbackAPIVersion.VERSION2, "hub", clean_session=True)
        self._client.username_pw_set("hub", password)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._greet
        self._client.on_message = self._note
        self._client.connect_async("127.0.0.1", port, 10)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, message: Message, *, retain: bool = False) -> None:
        """Publish ``message`` where it belongs."""
        self.send_raw(topic_of(message, site=SITE), encode(message), retain=retain)

    def send_raw(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish anything, as soon as there is a connection."""
        assert eventually(self._client.is_connected)
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(CAME_AT_ALL_S)

    def say(self, state: NodeState) -> None:
        """The hub's presence, retained."""
        self.send(NodeStatus(node_id="hub", kind=NodeKind.HUB, state=state, at=now()), retain=True)

    def acks(self, staff_id: str, answer: AckAnswer = AckAnswer.CLAIM) -> list[Ack]:
        """Every Ack with this answer that ``staff_id`` sent, repeats too."""
        acks = (decode(Ack, payload) for payload in self._payloads(f"staff/{staff_id}/ack"))
        return [ack for ack in acks if ack.answer is answer]

    def reports(self, staff_id: str) -> list[StaffReport]:
        """Every report that ``staff_id`` sent, each once: a busy machine's receipts are late."""
        payloads = self._payloads(f"staff/{staff_id}/report")
        return _each_once(decode(StaffReport, payload) for payload in payloads)

    def registrations(self, staff_id: str) -> list[Registration]:
        """Every customer whom ``staff_id`` entered, each once."""
        payloads = self._payloads(f"staff/{staff_id}/registration")
        return _each_once(decode(Registration, payload) for payload in payloads)

    def look_ups(self, staff_id: str) -> list[LookUp]:
        """Everything that ``staff_id`` looked up."""
        return [decode(LookUp, payload) for payload in self._payloads(f"staff/{staff_id}/look_up")]

    def corrections(self, gate_id: str) -> list[Correction]:
        """What the guards corrected at this gate."""
        return [
            decode(Correction, payload) for payload in self._payloads(f"gate/{gate_id}/correction")
        ]

    def presences(self, staff_id: str) -> list[dict[str, Any]]:
        """Every presence of ``staff_id``, oldest first."""
        return [json.loads(payload) for payload in self._payloads(f"staff/{staff_id}/presence")]

    def _payloads(self, topic: str) -> list[bytes]:
        whole = f"yingbin/v1/{SITE}/{topic}"
        return [message.payload for message in self.heard if message.topic == whole]

    def _greet(self, client: Client, *_: object) -> None:
        client.subscribe([(f"yingbin/v1/{SITE}/staff/+/{last}", 1) for last in HEARD])
        client.subscribe(f"yingbin/v1/{SITE}/gate/+/correction", 1)
        status = NodeStatus(node_id="hub", kind=NodeKind.HUB, state=NodeState.ONLINE, at=now())
        client.publish(topic_of(status, site=SITE), encode(status), qos=1, retain=True)

    def _note(self, client: Client, _data: object, message: MQTTMessage) -> None:
        heard = Heard(message.topic, bytes(message.payload), message.retain, time.monotonic())
        self.heard.append(heard)
        if self.gives_receipts and (receipt := self._receipt(heard)):
            client.publish(topic_of(receipt, site=SITE), encode(receipt), qos=1)

    def _receipt(self, heard: Heard) -> Receipt | None:
        said = read_delivery(heard.topic, heard.payload, site=SITE)
        if isinstance(said, NodeStatus):
            return None
        sender = said.corrected_by if isinstance(said, Correction) else heard.topic.split("/")[4]
        name = "ids" if self.saves else "heard"
        names = {"ids": (), name: (message_id(said),)}
        return Receipt(node_id=sender, stored_at=now(), refused=self.refuses, **names)


def _each_once(messages: Iterable[M]) -> list[M]:
    """The first of each id, as the hub acts on it."""
    found: dict[str, M] = {}
    for message in messages:
        found.setdefault(message_id(message), message)
    return list(found.values())


@dataclass
class Rig:
    """One site on this machine."""

    folder: Path
    site: FakeSite = field(default_factory=FakeSite)
    clock: Callable[[], datetime] = now
    secure: mosquitto.TlsPorts | None = None

    def __post_init__(self) -> None:
        self.port, self.ws_port, self.web_port = free_ports(3)
        self.accounts = [new_account(Party.HUB, "hub")]
        self.admits = True
        """Whether the MQTT server lets the pages' new accounts in."""
        self.site = replace(self.site, mqtt_ws_port=self.ws_port, admit=self._admit)
        ports, ruler = (self.port, self.ws_port), mosquitto.new_ruler()
        self._config = self.folder / "mqtt" / mosquitto.CONFIG_NAME
        listening = mosquitto.Listening("127.0.0.1", ports, self.secure)
        mosquitto.write_files(
            self._config.parent, self.accounts, ruler, site=SITE, listening=listening
        )
        address = ("127.0.0.1", self.port)
        self._live = LiveAccounts(self.accounts, ruler, site=SITE, address=address)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything."""
        self.start_mqtt()
        self.hub = PlayedHub(self.port, self.accounts[0].password)
        site: Site = self.site
        self.log_ins = LogIns(self.clock)
        app = create_app(site, "a secret for tests", self.clock, log_ins=self.log_ins)
        self._web = create_server(app, host="127.0.0.1", port=self.web_port, threads=8)
        threading.Thread(target=self._web.run, daemon=True).start()

    def start_mqtt(self) -> None:
        """Start the MQTT server, with nothing remembered, unless it runs."""
        if self._server is not None:
            return
        binary = mosquitto.find_mosquitto()
        assert binary is not None
        self._server = subprocess.Popen([binary, "-c", self._config], stderr=subprocess.DEVNULL)
        wait_for_port(self.port)
        wait_for_port(self.ws_port)

    def _admit(self, account: Account) -> None:
        if self.admits:
            self.accounts.append(account)
            self._live.take_in(self.accounts)

    def sign_out(self, staff_id: str) -> None:
        """End this person's log-ins, as the hub does."""
        self.log_ins.end_all_of(staff_id)
        gone = [each for each in self.accounts if each.node_id == staff_id]
        self.accounts = [each for each in self.accounts if each not in gone]
        self._live.take_in(self.accounts)

    def freeze_mqtt(self) -> None:
        """From now on the MQTT server answers nothing, until it is killed."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def kill_mqtt(self) -> None:
        """End the MQTT server without a word."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def stop(self) -> None:
        """End everything."""
        self.hub.stop()
        self.kill_mqtt()
        self._web.close()

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.web_port}{path}"


def alert(
    *,
    staff_id: str | None = None,
    role: str | None = None,
    plate: str | None = "浙A88888",
    raised_s_ago: float = 0,
    lives_s: float = 600,
    **changes: Any,
) -> Alert:
    """An alert as the hub would raise it."""
    raised_at = now() - timedelta(seconds=raised_s_ago)
    fields: dict[str, Any] = {
        "alert_id": new_id(),
        "visit_id": new_id(),
        "staff_id": staff_id,
        "role": role,
        "title": "您的客户到访",
        "text": f"{plate} 张女士 到访，请到大厅接待" if plate else "张女士 到访，请到大厅接待",
        "speech": "浙A，五个八，张女士到访",
        "plate": plate,
        "raised_at": raised_at,
        "ack_due_at": raised_at + timedelta(seconds=120),
        "expires_at": raised_at + timedelta(seconds=lives_s),
    }
    return Alert(**fields | changes)


def claimed(by_id: str, by_name: str, of: Alert) -> AlertClosed:
    """The hub's word that somebody took ``of``."""
    return AlertClosed(
        alert_id=of.alert_id,
        visit_id=of.visit_id,
        reason=CloseReason.CLAIMED,
        by_staff_id=by_id,
        by_name=by_name,
        closed_at=now(),
    )


def report_of(rig: Rig, staff_id: str) -> StaffReport:
    """The one report that this person sent."""
    assert eventually(lambda: bool(rig.hub.reports(staff_id)))
    (report,) = rig.hub.reports(staff_id)
    return report
