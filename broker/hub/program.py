"""Puts the hub together from its settings, and runs it until SIGTERM."""

import logging
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from broker.backup.own_copies import LOCAL, OwnCopies
from broker.console.app import create_app
from broker.console.channel_page import serve_channels
from broker.console.guard import LARGE_FORMS
from broker.console.guest_ticket import booking_of
from broker.console.health_page import HealthPages, serve_health
from broker.console.wall import WallChoice
from broker.doctor.patient import admit
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_left_out
from broker.home_assistant.bridge import House
from broker.home_assistant.discovery import discovery
from broker.hub.daily_examination import DailyExamination
from broker.hub.daily_head import DailyHead
from broker.hub.demo_days import live_last_days
from broker.hub.errand import Errand, Job
from broker.hub.hourly_backup import HourlyBackup
from broker.hub.loop import WANTED, HubLoop
from broker.hub.night_check import NightCheck
from broker.hub.opening import open_hub
from broker.hub.page_accounts import PageAccounts
from broker.hub.renewal import Renewal
from broker.hub.shipping_job import ShippingJob
from broker.hub.time_keeping import keeping_time, site_clock
from broker.journal.entries import FILE_NAME as HUB_FILE
from broker.local.local_socket import LocalSocket
from broker.local.post_box import PostBox
from broker.log_ins.sessions import FILE_NAME, LogIns
from broker.mqtt_server.accounts import Account, KnownAccounts
from broker.phones.channels import Channels
from broker.phones.locked_phones import LockedPhones
from broker.phones.ringer import LateRinger, sent_now
from broker.phones.settings import phone_settings
from broker.private_file import settings_in
from broker.queries.health import HubHealth
from broker.queries.measuring import HubFigures
from broker.queries.overview import HubSite
from broker.queries.own_data import OwnData
from broker.rules.duty_table import scenes_of
from broker.settings import HubSettings, first_policy
from broker.site_file import first_people
from broker.site_key.key import FILE_NAME as KEY_NAME
from shared import VERSION
from shared.clock import Clock, now, running_s
from shared.config import read_config
from shared.disk import disk_trouble
from shared.file_check import suspecting
from shared.in_use import holding_own
from shared.lost_key import find_key
from shared.messages import HouseDiscovery, NodeKind
from shared.mqtt import MqttLink
from shared.node import Node
from shared.private_files import narrow
from shared.sealed_file import data_key_of
from shared.sealing import seal
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.web_server import WebServer, listen
from shared.words import read_words

log = logging.getLogger(__name__)

SWITCH_S = 0.0002
"""A page's thread that computes gives way to the loop after this: the usual 5 ms would be due after
each of the fifty statements of a decision (one took 2.5 times as long beside such a thread, then
1.5 times)."""


def run(config: Path) -> int:
    """Run the hub until it is told to stop.

    Raises:
        OperatorError: the settings are wrong, another hub or a restore has the folder, or the key
            of its files cannot be read.
    """
    settings = read_config(HubSettings, config)
    folder = Path(settings.data_dir)
    with holding_own(folder, "hub", "error.hub_folder_taken"):
        narrow(settings_in(config.parent))
        copies = own_copies(settings, config.parent)
        find_key(folder, data_key_of(config), copies.data_keys(folder))
        seal(folder, data_key_of(config))
        return _run(settings, config)


def _run(settings: HubSettings, config: Path) -> int:
    errands = _errands(settings, config)
    folder = Path(settings.data_dir)
    clock = site_clock(folder, now, running_s)
    opened = _opened(settings, clock, own_copies(settings, config.parent))
    hub = keeping_time(opened, folder, clock, running_s)
    ended = told_to_stop()
    sys.setswitchinterval(SWITCH_S)
    post_box = PostBox()
    node = Node(settings.site, "hub", NodeKind.HUB, VERSION, clock)
    link = MqttLink(settings.mqtt, node, WANTED)
    channels = channels_of(settings, config)
    edges = _edges(settings, config, hub, post_box, link, channels)
    for edge in edges:
        edge.start()
    service = HubLoop(hub, link, node, post_box)
    watching = watching_for_others(settings, hub, link, channels)
    page_accounts = PageAccounts(Path(settings.accounts_file), hub)
    page_accounts.step()
    notify("READY=1")
    log.info("the hub is ready")
    with suspecting(Path(settings.data_dir, HUB_FILE)):
        while not ended.is_set():
            service.step(wait_s=0.25)
            page_accounts.step()
            for errand in errands:
                hub.disk.keep(partial(errand.step, hub, time.monotonic()))
            for each in watching:
                each.step(time.monotonic())
    service.finish()
    for part in (*errands, *edges):
        part.stop()
    return 0


def _errands(settings: HubSettings, config: Path) -> tuple[Errand, ...]:
    """What the hub does beside its work, each by a process of its own."""
    folder = Path(settings.data_dir)
    jobs: tuple[Job, ...] = (
        HourlyBackup(settings, config),
        NightCheck(folder / HUB_FILE, config),
        DailyHead(config),
        DailyExamination(folder, config),
        Renewal(settings, config),
        ShippingJob(folder, config),
    )
    return tuple(map(Errand, jobs))


def _edges(
    settings: HubSettings,
    config: Path,
    hub: Hub,
    post_box: PostBox,
    link: MqttLink,
    channels: Channels,
) -> tuple[WebServer | LocalSocket | MqttLink, ...]:
    """How the hub is reached: by its pages, by commands of this machine, by messages."""
    site = HubSite(settings, hub, post_box, config.parent)
    figures = HubFigures(settings, hub, site.overview, link.round_trip_ms)
    health = HubHealth(admit(config.parent, {}, hub.clock), hub, figures)
    return (
        _pages(settings, site, hub, post_box, (health, channels)),
        *_socket(Path(settings.data_dir), post_box, figures),
        link,
    )


def _socket(folder: Path, post_box: PostBox, figures: HubFigures) -> tuple[LocalSocket, ...]:
    """The hub's socket file; none on a disk that takes none."""
    try:
        return (LocalSocket(folder, post_box, figures.measure),)
    except OSError as error:
        if disk_trouble(error, folder) is None:
            raise
        log.warning("%s: no command can ask this hub (%s)", folder, error)
        return ()


def watching_for_others(
    settings: HubSettings, hub: Hub, link: MqttLink, channels: Channels
) -> tuple[House | LockedPhones, ...]:
    """What reads the hub's file beside its handlers, and tells others: only what was asked for."""
    found: list[House | LockedPhones] = [
        LockedPhones(hub, channels.settings, LateRinger().ring),
    ]
    if settings.home_assistant:
        accounts = KnownAccounts(Path(settings.accounts_file))
        found.append(House(hub, link, accounts, partial(_described, settings, hub)))
    return tuple(found)


def channels_of(settings: HubSettings, config: Path) -> Channels:
    """Who is rung by a second channel: by the file, and by what pages chose."""
    brand = read_words("broker").say("page.brand", settings.staff_language)
    folder = Path(settings.data_dir)
    return Channels(phone_settings(config.parent), folder, sent_now, brand)


def _described(settings: HubSettings, hub: Hub, accounts: tuple[Account, ...]) -> HouseDiscovery:
    """Describes the site to Home Assistant, in the language of its staff."""

    def say(key: str) -> str:
        return read_words("broker").say(key, settings.staff_language)

    names, scenes = hub.people.names(), scenes_of(hub.choices.policy.duties)
    return discovery(settings.site, settings.site_name, accounts, names, say, scenes)


def own_copies(settings: HubSettings, config: Path) -> OwnCopies:
    """The backups that may complete the hub's file, and their key beside the settings."""
    local = Path(settings.data_dir, LOCAL)
    folders = (local, *([Path(settings.backup_dir)] if settings.backup_dir else []))
    return OwnCopies(settings.site, folders, config / KEY_NAME)


def _opened(settings: HubSettings, clock: Clock, copies: OwnCopies) -> Hub:
    folder, (policy, of_policy) = Path(settings.data_dir), first_policy(settings)
    people, of_people = first_people(Path(settings.site_file))
    if settings.is_demo:
        live_last_days(folder, people, policy, clock)
    hub = open_hub(folder, people, policy, clock, settings.staff_language, copies)
    of_files = (*of_people, *of_policy) if hub.choices.is_begun_now else ()
    tell_of_left_out(hub, (*of_files, *hub.choices.troubles))
    return replace(
        hub,
        says_yao=settings.says_yao,
        log_ins=LogIns(clock, Path(folder, FILE_NAME)),
        invited=partial(booking_of, settings.secret_key),
    )


def _pages(
    settings: HubSettings,
    site: HubSite,
    hub: Hub,
    post_box: PostBox,
    served: tuple[HubHealth, Channels],
) -> WebServer:
    """The web server of the staff's pages, the visitors' own pages and the page on the wall."""
    own_pages = OwnData(hub, post_box, hub.clock)
    wall = WallChoice(settings.wall_stamp, settings.wall_shows_names)
    app = create_app(site, settings.secret_key, hub.clock, own_pages, wall, hub.log_ins)
    serve_health(app, HealthPages(served[0], settings.metrics_from))
    serve_channels(app, served[1])
    listener = listen(settings.listen_host, settings.listen_port)
    return WebServer(app, listener, settings, a_few_up_to=max(LARGE_FORMS.values()))
