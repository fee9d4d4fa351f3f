"""Connects the hub's parts and runs them until SIGTERM."""

import logging
import time
from pathlib import Path

from broker.accounts import read_accounts
from broker.console.app import create_app
from broker.console.wall import WallChoice
from broker.house import House
from broker.house_discovery import discovery
from broker.local_socket import LocalSocket
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
    folder, language = Path(settings.data_dir), settings.staff_language
    hub = open_hub(folder, people, policy, now, language, says_yao=settings.says_yao)
    site = HubSite(settings, accounts, hub)
    ended = told_to_stop()
    listener = listen(settings.listen_host, settings.listen_port)
    post_box = PostBox()
    own_pages = OwnData(settings, people, post_box, now)
    wall = WallChoice(settings.wall_stamp, settings.wall_shows_names)
    app = create_app(site, settings.secret_key, now, wall, own_pages)
    pages = WebServer(app, listener)
    pages.start()
    commands = LocalSocket(Path(settings.data_dir), post_box)
    commands.start()
    node = Node(settings.site, "hub", NodeKind.HUB, VERSION)
    link = MqttLink(settings.mqtt, node, WANTED)
    link.start()
    service = Service(hub, link, node, post_box)
    described = discovery(settings.site, settings.site_name, accounts, people.names())
    house = House(hub, link, described) if settings.home_assistant else None
    notify("READY=1")
    log.info("the hub is ready")
    while not ended.is_set():
        service.step(wait_s=0.25)
        if house is not None:
            house.step(time.monotonic())
    commands.stop()
    pages.stop()
    link.stop()
    return 0
