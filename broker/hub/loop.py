"""The hub's loop: acts on deliveries, sends what follows from them, and sends heartbeats."""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import msgspec

from broker.handlers.clock_troubles import problem_of
from broker.handlers.context import Hub
from broker.handlers.sender_troubles import tell_of_flood
from broker.handlers.table import HANDLERS, handle, let_time_pass
from broker.hub.outgoing import Outgoing
from broker.local.post_box import PostBox
from broker.store.inbox import DUE
from shared.codec import MAX_PAYLOAD_BYTES, read_found
from shared.errors import MessageError
from shared.heartbeat import Heartbeat
from shared.messages import Id, Receipt
from shared.mqtt import Delivery, Link
from shared.node import Node
from shared.outbox import ID_FIELDS, is_of_the_file
from shared.systemd import notify
from shared.topics import Found, match

log = logging.getLogger(__name__)

WANTED = tuple(HANDLERS)
BATCH = 20
"""How many deliveries share one transaction; an alert waits for no more than these."""
BATCH_S = 0.05
"""Nor longer than this: slow decisions are committed sooner."""
CONFIRM_WITHIN_S = 5.0


class HubLoop:
    """The running hub. ``step`` is one turn of the loop; call it from one thread only."""

    def __init__(self, hub: Hub, link: Link, node: Node, post_box: PostBox | None = None) -> None:
        self._hub, self._link, self._node = hub, link, node
        self._post_box = post_box or PostBox()
        self._heartbeat = Heartbeat(node, link)
        self._outgoing = Outgoing(hub.outbox, link)

    def step(self, wait_s: float) -> None:
        """Act on what comes within ``wait_s`` seconds, then send what follows from it."""
        with self._careful():
            self._announce()
        is_idle = not self._take_all(wait_s)
        self._post_box.take(partial(handle, self._hub))
        let_time_pass(self._hub, self._careful)
        with self._careful():
            self._tell_of_floods()
        with self._careful():
            self._offer_cars()
        self._hub.journal.seal()
        self._outgoing.send()
        if is_idle:
            self._outgoing.settle(CONFIRM_WITHIN_S)
        notify("WATCHDOG=1")

    def _take_all(self, wait_s: float) -> int:
        """Act on the waiting deliveries in one transaction, and return how many they were.

        One commit takes as long as ten decisions, and more deliveries gather meanwhile.

        Receipts are sent after the commit. If the file fails, the senders repeat their messages,
        and nothing is lost.
        """
        delivery = self._link.receive(wait_s)
        if delivery is None:
            return 0
        receipts: list[Receipt | None] = []
        full_at_s = time.monotonic() + BATCH_S
        with self._hub.decider.atomic():
            self._outgoing.forget_taken()
            while delivery is not None:
                receipts.append(self.take(delivery))
                is_full = len(receipts) >= BATCH or time.monotonic() > full_at_s
                delivery = None if is_full else self._link.receive(0.0)
        for receipt in filter(None, receipts):
            self._link.send(receipt)
        return len(receipts)

    def take(self, delivery: Delivery) -> Receipt | None:
        """Act on one delivery; if it cannot be used, set it aside.

        The receipt, to be sent after the commit, tells the sender that it may forget its message,
        used or set aside; None if the sender expects no receipt.

        Raises:
            OSError, sqlite3.Error: the hub's file cannot be written; only a restart may help.
        """
        try:
            found = match(delivery.topic, site=self._node.site)
        except MessageError as error:
            self._refuse(delivery, error)
            return None
        try:
            message = read_found(found, delivery.topic, delivery.payload)
            _refuse_old_command(delivery, found)
            _refuse_leaver(self._hub, found)
            handle(self._hub, message)
        except MessageError as error:
            self._refuse(delivery, error)
        except Exception as error:  # a bad message must not stop those behind it
            if is_of_the_file(error):
                raise  # without a receipt the sender keeps its message
            self._set_aside(delivery, traceback.format_exc())
            log.exception("a message on %s failed; it is kept in `rejected`", delivery.topic)
        return self._receipt(found, delivery.payload)

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Let no failure at what nobody sent end the loop: it is logged once, and tried again.

        Raises:
            OSError, sqlite3.Error: as in ``take``.
        """
        try:
            yield
        except Exception as error:  # a bug: what else is due must be done
            if is_of_the_file(error):
                raise
            problem = traceback.format_exc()
            if self._hub.inbox.reject(DUE, problem.encode(), problem, self._hub.clock()):
                log.exception("what was due failed; it is noted in `rejected`")

    def _receipt(self, found: Found, payload: bytes) -> Receipt | None:
        id_field = ID_FIELDS.get(found.route.message.__name__)
        message_id = _id_in(payload, id_field) if id_field else None
        node_id = found.said.get("gate_id") or found.said.get("kiosk_id")
        if message_id is None or node_id is None:
            return None
        return Receipt(node_id=node_id, ids=(message_id,), stored_at=self._hub.clock())

    def _refuse(self, delivery: Delivery, error: MessageError) -> None:
        self._set_aside(delivery, str(error))
        log.warning("set aside: %s", error)

    def _set_aside(self, delivery: Delivery, reason: str) -> None:
        payload = delivery.payload[:MAX_PAYLOAD_BYTES]
        self._hub.inbox.reject(delivery.topic, payload, reason, self._hub.clock())

    def _announce(self) -> None:
        """Send the hub's heartbeat when due; on a new connection also the retained messages."""
        if self._link.connected_count == 0:
            return
        if self._heartbeat.has_new_connection():
            self._link.send(self._hub.roster())
            self._hub.offered.tell_again()
        self._heartbeat.renew(time.monotonic(), self._hub.outbox.depth, problem_of(self._hub))

    def _tell_of_floods(self) -> None:
        """Tell people who sends more than may wait."""
        for sender in self._link.flooding():
            with self._hub.decider.atomic():
                self._hub.outbox.put_all(tell_of_flood(self._hub, sender))

    def _offer_cars(self) -> None:
        """Send the cars that the tablets offer. This is out of date soon, so not by the outbox."""
        if self._link.connected_count == 0:
            return
        if offer := self._hub.offered.changed(self._hub.clock()):
            self._link.send(offer)


def _refuse_old_command(delivery: Delivery, found: Found) -> None:
    """Refuse a retained message of a type that is never retained: it may be long out of date."""
    if delivery.was_retained and not found.route.is_retained:
        raise MessageError("error.retained", topic=delivery.topic)


def _refuse_leaver(hub: Hub, found: Found) -> None:
    """Refuse what somebody sends who left the company, as the MQTT server should have done."""
    staff_id = found.said.get("staff_id")
    if staff_id is not None and hub.has_left(staff_id):
        raise MessageError("error.has_left", staff_id=staff_id)


def _id_in(payload: bytes, name: str) -> str | None:
    """The id under ``name`` in a JSON object that may otherwise be invalid."""
    try:
        found = msgspec.json.decode(payload, type=dict[str, object]).get(name)
        return msgspec.convert(found, Id)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
