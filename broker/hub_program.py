"""Connects the hub's parts and runs them until SIGTERM."""

import logging
from pathlib import Path

from broker.accounts import read_accounts
from broker.console.app import create_app
from broker.opening import open_hub
from broker.overview import HubSite
from broker.people import SitePeople
from broker.personal.own_data import OwnData
from broker.post_box import PostBox
from broker.service import WANTED, Service
from broker.settings import HubSettings, site_policy
from shared import VERSION
from shared.clock import now
from shared.config import read_config
from shared.messages import NodeKind
from shared.mqtt import MqttLink
from shared.node import Node
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.web_server import WebServer, listen

log = logging.getLogger(__name__)


def run(config: Path) -> int:
    """Serve as the hub."""
    settings = read_config(HubSettings, config)
    people = read_config(SitePeople, Path(settings.site_file))
    accounts = read_accounts(Path(settings.accounts_file))
    policy = site_policy(settings)
    hub = open_hub(Path(settings.data_dir), people, policy, now, settings.staff_language)
    site = HubSite(settings, accounts, hub)
    ended = told_to_stop()
    listener = listen(settings.listen_host, settings.listen_port)
    post_box = PostBox()
    own_pages = OwnData(settings, people, post_box, now)
    pages = WebServer(create_app(site, settings.secret_key, now, own_pages), listener)
    pages.start()
    node = Node(settings.site, "hub", NodeKind.HUB, VERSION)
    link = MqttLink(settings.mqtt, node, WANTED)
    link.start()
    service = Service(hub, link, node, post_box)
    notify("READY=1")
    log.info("the hub is ready")
    while not ended.is_set():
        service.step(wait_s=0.25)
    pages.stop()
    link.stop()
    return 0
