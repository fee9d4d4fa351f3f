"""Handhelds that do what good consultants do: take each alert at once, end each reception."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from paho.mqtt.client import Client, MQTTMessage

from broker.mqtt_server.accounts import Account
from shared.clock import now
from shared.codec import decode, encode
from shared.ids import new_id
from shared.messages import Ack, Alert, Message, ReportKind, StaffReport
from shared.topics import topic_of
from tests.servers import client


@contextmanager
def answering_handhelds(
    site: str, port: int, accounts: Sequence[Account], reception_s: float
) -> Iterator[None]:
    """One for each account, until the block ends."""
    stopped = threading.Event()
    with ExitStack() as connected:
        for account in accounts:
            handheld = connected.enter_context(client(port, account.username, account.password))
            _answer(handheld.client, site, account.node_id, reception_s, stopped)
            handheld.listen(f"yingbin/v1/{site}/alert/staff/{account.node_id}")
        yield
        stopped.set()


def _answer(
    handheld: Client, site: str, staff_id: str, reception_s: float, stopped: threading.Event
) -> None:
    def say(message: Message) -> None:
        if not stopped.is_set():
            handheld.publish(topic_of(message, site=site), encode(message), qos=1)

    def finish(visit_id: str) -> None:
        say(
            StaffReport(
                report_id=new_id(),
                staff_id=staff_id,
                kind=ReportKind.FINISHED,
                reported_at=now(),
                visit_id=visit_id,
            )
        )

    def take(_client: object, _data: object, message: MQTTMessage) -> None:
        alert = decode(Alert, bytes(message.payload))
        if not alert.needs_claim:
            return
        say(Ack(ack_id=new_id(), alert_id=alert.alert_id, staff_id=staff_id, acked_at=now()))
        timer = threading.Timer(reception_s, finish, [alert.visit_id])
        timer.daemon = True
        timer.start()

    handheld.on_message = take
