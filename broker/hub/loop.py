"""The hub's loop: acts on deliveries, sends what follows from them, and sends heartbeats."""

import logging
import math
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import msgspec

from broker.choices.rows import SiteChoices
from broker.handlers.clock_troubles import problem_of
from broker.handlers.context import Hub
from broker.handlers.sender_troubles import tell_of_flood
from broker.handlers.table import HANDLERS, handle, let_time_pass
from broker.hub.outgoing import Outgoing
from broker.hub.set_aside import SetAside
from broker.journal.epochs import latest_restore
from broker.local.post_box import PostBox
from broker.store.inbox import DUE
from shared import way
from shared.clock import running_s
from shared.codec import read_found
from shared.errors import MessageError, OperatorError
from shared.heartbeat import Heartbeat
from shared.keys import LONGEST_TEXT
from shared.messages import Correction, Id, Message, NodeId, Receipt
from shared.mqtt import Delivery, Link
from shared.node import Node
from shared.outbox import ID_FIELDS, is_of_the_file
from shared.systemd import notify
from shared.topics import Found, Party, match
from shared.way import Place
from shared.words import LANGUAGES, Sentence

log = logging.getLogger(__name__)

WANTED = tuple(HANDLERS)
BATCH = 40
"""How many deliveries share one transaction; an alert waits for no more than these."""
BATCH_S = 0.02
"""Nor for more work than this: slow decisions are committed sooner. Where others take the
processor from the hub, a commit costs it no less, so their time makes no batch smaller."""
LOOK_EVERY = timedelta(seconds=0.1)
"""How long what is due may wait for deliveries that come without a pause."""
GROUPS_AT_ONCE = 20
"""How many groups of alerts are rung again or looked at before messages have their turn."""


class HubLoop:
    """The running hub. ``step`` is one turn of the loop; call it from one thread only."""

    def __init__(self, hub: Hub, link: Link, node: Node, post_box: PostBox | None = None) -> None:
        self._hub, self._link, self._node = hub, link, node
        self._post_box = post_box or PostBox()
        self._post_box.wake = link.wake
        self._heartbeat = Heartbeat(node, link, latest_restore(hub.inbox.db.conn))
        self._outgoing = Outgoing(hub.outbox, link, hub.clock)
        self._aside = SetAside(hub.inbox, hub.clock)
        self._looked_at: datetime | None = None
        self._shown: tuple[SiteChoices, frozenset[str]] | None = None
        """What tablets were told of the site's choices, and of who left."""
        self._has_looked = True
        """Whether it was looked at what is due, since something came."""

    def step(self, wait_s: float) -> None:
        """Act on what comes within ``wait_s`` seconds, then send what follows from it."""
        keep = self._hub.disk.keep
        with self._careful():
            self._announce()
        most_s = wait_s if self._has_looked else LOOK_EVERY.total_seconds()
        due_s = self._hub.duties.until_due_s(self._hub.clock())
        is_idle = not self._take_all(min(wait_s, most_s, due_s))
        self._has_looked = is_idle or self._is_time_to_look()
        keep(partial(self._aside.write, time.monotonic()))
        self._post_box.take(self._act)
        with self._careful():
            keep(self._tell_of_floods)
        if self._has_looked:
            self._look()
        keep(self._hub.seal)
        keep(self._outgoing.send)
        if is_idle:
            keep(self._outgoing.settle)
        self._hub.disk.step(time.monotonic())
        notify("WATCHDOG=1")

    def _is_time_to_look(self) -> bool:
        at = self._looked_at
        return (
            at is None or self._hub.offered.is_awaited or abs(self._hub.clock() - at) >= LOOK_EVERY
        )

    def _look(self) -> None:
        """Do what is due without anybody having sent anything."""
        keep, self._looked_at = self._hub.disk.keep, self._hub.clock()
        keep(partial(let_time_pass, self._hub, self._careful, GROUPS_AT_ONCE))
        if self._hub.alert_groups.has_more:
            self._link.wake()
        with self._careful():
            self._offer_cars()

    def finish(self) -> None:
        """At the program's end, write what may wait while it runs."""
        self._hub.disk.keep(partial(self._aside.write, math.inf))
        self._hub.disk.finish()

    def _take_all(self, wait_s: float) -> int:
        """Act on the waiting deliveries in one transaction, and return how many they were.

        One commit takes as long as ten decisions, and more deliveries gather meanwhile.

        Alerts are sent straight after the commit, then the receipts: whatever else is due waits. If
        the disk refuses it, the deliveries are acted on once more in memory, and the receipts say
        so; the senders keep their messages.
        """
        delivery = self._link.receive(wait_s)
        if delivery is None:
            return 0
        deliveries = [delivery]
        receipts = self._hub.disk.keep(partial(self._act_on, deliveries))
        told = [receipt for receipt in receipts if receipt]
        way.all_passed(_ids(told), Place.COMMITTED)
        self._hub.disk.keep(self._outgoing.send)
        for receipt in told:
            self._link.send(_heard(receipt) if self._hub.disk.is_unsaved else receipt)
        return len(receipts)

    def _act_on(self, deliveries: list[Delivery]) -> list[Receipt | None]:
        """Act on ``deliveries``, to which those are added that came meanwhile."""
        receipts: list[Receipt | None] = []
        full_at_s = time.thread_time() + BATCH_S
        connection = self._hub.inbox.db.conn
        before = connection.total_changes
        with self._hub.decider.atomic():
            for delivery in deliveries:
                begun_s = running_s()
                receipts.append(self.take(delivery))
                _say_way(delivery, begun_s, receipts[-1])
                is_full = len(receipts) >= BATCH or time.thread_time() > full_at_s
                if len(receipts) == len(deliveries) and not is_full:
                    deliveries += filter(None, [self._link.receive(0.0)])
            if connection.total_changes > before:  # or the disk would work for this alone
                self._outgoing.forget_taken()
        return receipts

    def _act(self, message: Message) -> None:
        """Act on what somebody at this machine asks for, who expects it to be saved then."""
        if self._hub.disk.is_unsaved:
            raise OperatorError("error.not_saved_now")
        self._hub.disk.keep(partial(handle, self._hub, message))

    def take(self, delivery: Delivery) -> Receipt | None:
        """Act on one delivery; if it cannot be used, set it aside.

        The receipt, to be sent after the commit, tells the sender that it may forget its message,
        used or set aside; None if the sender expects no receipt.

        Raises:
            OSError, sqlite3.Error: the hub's file cannot be written.
        """
        try:
            found = match(delivery.topic, site=self._node.site)
        except MessageError as error:
            self._refuse(delivery, error)
            return None
        refused: Sentence | None
        message: Message | None = None
        try:
            message = read_found(found, delivery.topic, delivery.payload)
            _refuse_old_command(delivery, found)
            _refuse_leaver(self._hub, found)
            refused = handle(self._hub, message)
        except MessageError as error:
            receipt = self._receipt(found, delivery.payload, error.sentence)
            self._refuse(delivery, error, is_confirmed=receipt is not None)
            return receipt
        except Exception as error:  # a bad message must not stop those behind it
            if is_of_the_file(error):
                raise  # without a receipt the sender keeps its message
            self._aside.keep(delivery, traceback.format_exc())
            log.exception("a message on %s failed; it is kept in `rejected`", delivery.topic)
            refused = Sentence("error.failed")
        return self._receipt(found, message or delivery.payload, refused)

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

    def _receipt(
        self, found: Found, told: Message | bytes, refused: Sentence | None
    ) -> Receipt | None:
        id_field = ID_FIELDS.get(found.route.message.__name__)
        message_id = _text_in(told, id_field, Id) if id_field else None
        node_id = _sender(found, told)
        if message_id is None or node_id is None:
            return None
        why = {tag: refused.in_language(tag)[:LONGEST_TEXT] for tag in LANGUAGES} if refused else {}
        return Receipt(node_id=node_id, ids=(message_id,), stored_at=self._hub.clock(), refused=why)

    def _refuse(
        self, delivery: Delivery, error: MessageError, *, is_confirmed: bool = False
    ) -> None:
        """Set the delivery aside: at once, if its sender hears that it may forget it."""
        keep = self._aside.keep if is_confirmed else self._aside.add
        keep(delivery, str(error))
        log.warning("set aside: %s", error)

    def _announce(self) -> None:
        """Send the hub's heartbeat when due; on a new connection also the retained messages."""
        if self._link.connected_count == 0:
            return
        shown = self._hub.choices.now, self._hub.decider.state.departed
        if self._heartbeat.has_new_connection():
            self._shown = None
            self._hub.offered.tell_again()
        if self._shown != shown:
            self._link.send(self._hub.roster())
            self._shown = shown
        problem = self._hub.disk.trouble or problem_of(self._hub)
        self._heartbeat.renew(time.monotonic(), self._hub.outbox.depth, problem)

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


def _ids(receipts: Iterable[Receipt]) -> Iterator[str]:
    return (name for receipt in receipts for name in receipt.ids)


def _say_way(delivery: Delivery, begun_s: float, receipt: Receipt | None) -> None:
    for name in receipt.ids if receipt else ():
        way.passed(name, Place.HEARD, delivery.heard_at_s)
        way.passed(name, Place.BEGUN, begun_s)
        way.passed(name, Place.JUDGED)


def _heard(receipt: Receipt) -> Receipt:
    """What is said of messages that are held in memory: their senders keep them."""
    return msgspec.structs.replace(receipt, ids=(), heard=receipt.ids)


def _refuse_old_command(delivery: Delivery, found: Found) -> None:
    """Refuse a retained message of a type that is never retained: it may be long out of date."""
    if delivery.was_retained and not found.route.is_retained:
        raise MessageError("error.retained", topic=delivery.topic)


def _refuse_leaver(hub: Hub, found: Found) -> None:
    """Refuse what somebody sends who left the company, as the MQTT server should have done."""
    staff_id = found.said.get("staff_id")
    if staff_id is not None and hub.has_left(staff_id):
        raise MessageError("error.has_left", staff_id=staff_id)


def _sender(found: Found, told: Message | bytes) -> str | None:
    """Who waits for the receipt; a guard's phone speaks on the topic of the gate."""
    if found.route.message is Correction:
        return _text_in(told, "corrected_by", NodeId)
    named = (found.said.get(f"{kind}_id") for kind in (Party.GATE, Party.KIOSK, Party.STAFF))
    return next(filter(None, named), None)


def _text_in(told: Message | bytes, name: str, kind: type[str]) -> str | None:
    """The text under ``name`` in a message, or in a JSON object that may otherwise be invalid."""
    if isinstance(told, Message):
        return str(getattr(told, name))
    try:
        found = msgspec.json.decode(told, type=dict[str, object]).get(name)
        return msgspec.convert(found, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
