"""A whole hub in the test's process, whose clock a test moves; pages, phones, MQTT are real."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, Page

from broker.console.app import create_app
from broker.handlers.context import Hub
from broker.hub.loop import WANTED, HubLoop
from broker.hub.opening import open_hub
from broker.hub.page_accounts import PageAccounts
from broker.local.post_box import PostBox
from broker.log_ins.sessions import LogIns
from broker.mqtt_server.accounts import new_account, read_accounts
from broker.queries.overview import HubSite
from broker.rules.duty_table import scenes_of
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from shared.clock import now
from shared.codec import encode
from shared.config import MqttSettings
from shared.messages import Message, NodeKind, Scene, SceneState
from shared.mqtt import MqttLink
from shared.node import Node
from shared.topics import Party, topic_of
from shared.web_server import WebServer, listen
from tests.fakes import NINE, SITE
from tests.hub_site import hub_settings
from tests.servers import Server, Watcher, client, mqtt_server
from tests.waiting import eventually

SECRET = "a key for tests only"


@dataclass(slots=True)
class MovedClock:
    """Nine in the morning when the test begins; it runs on, and a test moves it ahead."""

    ahead: timedelta = field(default_factory=lambda: NINE - now())

    def __call__(self) -> datetime:
        return now() + self.ahead

    def move_to(self, moment: datetime) -> None:
        self.ahead += moment - self()


@dataclass(frozen=True, slots=True)
class LivingSite:
    """The site, and whoever speaks to it from outside."""

    url: str
    clock: MovedClock
    server: Server
    people: SitePeople
    browser: Browser
    voices: dict[str, Watcher]
    """Connections at the MQTT server by account: the gate, the tablet, devices."""

    def phone(self, staff_id: str) -> Page:
        """Somebody's phone, logged in, its watch begun."""
        context = self.browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(f"{self.url}/login")
        page.get_by_test_id(f"person-{staff_id}").click()
        for digit in next(each.pin for each in self.people.staff if each.id == staff_id):
            page.get_by_test_id(f"pin-{digit}").click()
        page.get_by_test_id("enter").click()
        page.get_by_test_id("start").click()
        page.locator("body[data-connected=true][data-hub=online]").wait_for()
        return page

    def say(self, account: str, message: Message) -> None:
        """``account`` publishes it."""
        sent = self.voices[account].client.publish(
            topic_of(message, site=SITE), encode(message), qos=1
        )
        sent.wait_for_publish()

    def told(self, account: str, topic: str) -> dict[str, object]:
        """The first thing that ``account`` heard on this topic, once it did."""
        whole, voice = f"yingbin/v1/{SITE}/{topic}", self.voices[account]
        assert voice.hears(whole)
        return dict(json.loads(dict(voice.heard)[whole]))

    def does(self, device: str) -> Scene:
        """The device did what it was told, and says so."""
        told = msgspec.convert(self.told(f"device-{device}", f"scene/{device}"), Scene)
        state = SceneState(scene_id=told.scene_id, name=device, value=told.value)
        self.say(f"device-{device}", state)
        return told


@contextmanager
def living_site(
    folder: Path, browser: Browser, people: SitePeople, policy: Policy
) -> Iterator[LivingSite]:
    """The site, until the block ends."""
    fixed = [
        new_account(Party.HUB, "hub"),
        new_account(Party.GATE, "north"),
        new_account(Party.KIOSK, "lobby"),
    ]
    clock, box = MovedClock(), PostBox()
    with ExitStack() as ended:
        server = ended.enter_context(mqtt_server(folder, "mosquitto", fixed))
        opened = open_hub(folder / "hub", people, policy, clock)
        hub = replace(opened, log_ins=LogIns(clock))
        mqtt = MqttSettings(port=server.port, username="hub", password=fixed[0].password)
        ended.enter_context(_acting(hub, server, box, mqtt))
        settings = msgspec.structs.replace(
            hub_settings(folder / "hub"),
            mqtt=mqtt,  # a page waits until the server knows its account
            mqtt_ws_port=server.ws_port,
            secret_key=SECRET,
        )
        app = create_app(HubSite(settings, hub, box), SECRET, clock, log_ins=hub.log_ins)
        listener = listen("127.0.0.1", 0)
        web = WebServer(app, listener)
        web.start()
        ended.callback(web.stop)
        voices = _voices(folder, server, policy, ended)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield LivingSite(url, clock, server, people, browser, voices)


@contextmanager
def _acting(hub: Hub, server: Server, box: PostBox, mqtt: MqttSettings) -> Iterator[None]:
    """While the hub's loop runs, in a thread, and keeps the accounts."""
    node = Node(SITE, "hub", NodeKind.HUB, "test", hub.clock)
    link = MqttLink(mqtt, node, WANTED)
    accounts = PageAccounts(server.folder / "accounts.json", hub)
    loop, over = HubLoop(hub, link, node, box), threading.Event()

    def run() -> None:
        while not over.is_set():
            loop.step(0.1)
            accounts.step()

    thread = threading.Thread(target=run)
    link.start()
    thread.start()
    yield
    over.set()
    thread.join()
    link.stop()


def _voices(folder: Path, server: Server, policy: Policy, ended: ExitStack) -> dict[str, Watcher]:
    """Who speaks from outside: the hub makes the devices' accounts by itself."""
    hears = {"gate-north": "receipt/north", "kiosk-lobby": "kiosk/lobby/assignment"}
    hears |= {f"device-{scene}": f"scene/{scene}" for scene in scenes_of(policy.duties)}
    path = folder / "accounts.json"
    assert eventually(lambda: hears.keys() <= {each.username for each in read_accounts(path)})
    voices = {}
    for account in read_accounts(path):
        if topic := hears.get(account.username):
            voice = ended.enter_context(client(server.port, account.username, account.password))
            assert eventually(voice.is_connected)  # the server reads the accounts a moment later
            voice.listen(f"yingbin/v1/{SITE}/{topic}")
            voices[account.username] = voice
    return voices
