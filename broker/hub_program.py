"""Connects the hub's parts and runs them until SIGTERM."""

import logging
from pathlib import Path
from zoneinfo import ZoneInfo

from broker.accounts import read_accounts
from broker.audit import FILE_NAME, HEADS_NAME
from broker.console.app import create_app
from broker.hub import Hub
from broker.journal import Heads, Journal
from broker.overview import HubSite
from broker.people import SitePeople
from broker.presence import Presence
from broker.rules.rotation import Rotation
from broker.service import WANTED, Service
from broker.settings import HubSettings
from broker.store import Store
from shared import VERSION
from shared.clock import now
from shared.config import read_config
from shared.messages import NodeKind
from shared.mqtt import MqttLink
from shared.node import Node
from shared.outbox import Outbox, open_database
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.web_server import WebServer, listen

log = logging.getLogger(__name__)


def run(config: Path) -> int:
    """Serve as the hub."""
    settings = read_config(HubSettings, config)
    people = read_config(SitePeople, Path(settings.site_file))
    accounts = read_accounts(Path(settings.accounts_file))
    hub = _open_hub(settings, people)
    site = HubSite(settings, people, accounts, hub.presence, now)
    ended = told_to_stop()
    listener = listen(settings.listen_host, settings.listen_port)
    pages = WebServer(create_app(site, settings.secret_key, now), listener)
    pages.start()
    node = Node(settings.site, "hub", NodeKind.HUB, VERSION)
    link = MqttLink(settings.mqtt, node, WANTED)
    link.start()
    service = Service(hub, link, node)
    notify("READY=1")
    log.info("the hub is ready")
    while not ended.is_set():
        service.step(wait_s=0.25)
    pages.stop()
    link.stop()
    return 0


def _open_hub(settings: HubSettings, people: SitePeople) -> Hub:
    path = Path(settings.data_dir, FILE_NAME)
    db = open_database(path)
    zone = ZoneInfo(settings.time_zone)
    store = Store(db, zone)
    with db.atomic():
        store.add_known(people.registered)
        store.save_rotation(_line_today(store.rotation(), people))
    return Hub(
        store=store,
        journal=Journal(db, Heads(path.with_name(HEADS_NAME))),
        outbox=Outbox(db),
        presence=Presence(),
        clock=now,
        people=people,
        zone=zone,
        protection_days=settings.protection_days,
    )


def _line_today(kept: Rotation, people: SitePeople) -> Rotation:
    """Yesterday's order continued; newcomers at the end, those who left out (R21)."""
    stayed = [one for one in kept.queue if one in people.order]
    return Rotation((*stayed, *(one for one in people.order if one not in stayed)))
