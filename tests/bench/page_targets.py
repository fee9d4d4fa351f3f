"""What ``page_fuzz`` asks: the tablet, the staff's pages and a visitor's own page, with other
visitors planted.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from broker.console.app import create_app
from broker.console.channel_page import serve_channels
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.local.post_box import PostBox
from broker.phones.channels import Channels
from broker.phones.settings import PhoneSettings
from broker.queries.overview import HubSite
from broker.queries.own_data import OwnData
from broker.rules.policy import Policy
from broker.rules.retention import Retention
from broker.settings import HubSettings
from kiosk.app import create_app as create_kiosk
from shared.clock import Clock
from shared.config import MqttSettings
from shared.messages import Message
from tests.bench.page_fuzz import Target, give_token
from tests.fakes import NINE, SITE, FakeClock
from tests.hub_fixtures import PEOPLE
from tests.kiosk.house import PIN, TOKEN, House, settings
from tests.samples import NATURAL

CANARY_NAME, CANARY_PHONE, CANARY_PLATE = "金丝雀", "13911112222", "浙Z7777Y"
CANARY_GREETING, CANARY_CRAFTSMAN = "金丝雀女士，您好", "画眉师傅"
CANARIES = (CANARY_NAME, CANARY_PHONE, CANARY_PLATE, CANARY_CRAFTSMAN)
OWN_SECRET, CANARY_SECRET = "o" * 32, "c" * 32
FORGET_PINS_S = 25 * 3600
"""Wrong PINs and wrong secrets are forgiven by then: each walk may try anew."""


def targets(folder: Path) -> Iterator[Target]:
    """Each application, ready to be asked."""
    yield kiosk()
    yield from _hub(folder)


def kiosk() -> Target:
    """The tablet's program, with one visitor at each stage at other tablets."""
    house = House(settings=settings(idle_reset_s=3600, idle_warning_s=3599))
    house.tell_roster()
    _plant(house)
    others = house.visits.under_way

    def before_walk() -> None:
        house.clock.pass_s(FORGET_PINS_S)
        for visit in others:
            visit.touched_s = house.clock.running_s()

    def log_in(client: FlaskClient) -> None:
        client.get(f"/enter/{TOKEN}")
        give_token(client)

    app = create_kiosk(house.parts)
    words = (PIN, TOKEN, "li", "first_visit", "consultant", "delivery", "details", "plate", "car")
    return Target("kiosk", app, log_in, (*CANARIES, CANARY_GREETING), words, before_walk)


def _plant(house: House) -> None:
    """One visitor types details, one has just been greeted, one is a craftsman with a number."""
    for at_the_end in (False, True):
        visitor = house.tablet()
        visitor.begin()
        visitor.answer("yes", "no", "no")
        visitor.consent("yes", car="type")
        visitor.send("/check-in/plate", plate=CANARY_PLATE)
        phone = CANARY_PHONE if at_the_end else CANARY_PHONE[:-1]
        visitor.send("/check-in/details", phone=phone, surname=CANARY_NAME)
    (check_in,) = house.check_ins()
    assert (check_in.phone, check_in.plate) == (CANARY_PHONE, CANARY_PLATE)
    house.assign(check_in, "李敏", CANARY_GREETING)
    craftsman = house.tablet()
    craftsman.send("/service/begin")
    craftsman.send("/service/construction", name=CANARY_CRAFTSMAN)
    assert craftsman.shows("service-number")


class ActsAtOnce(PostBox):
    """Stands in for the hub's loop: acts on each message as soon as it is posted."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub

    def post(self, message: Message) -> None:
        """Act on it."""
        handle(self._hub, message)


def _hub(folder: Path) -> Iterator[Target]:
    clock = FakeClock()
    policy = Policy(retention=Retention(own_pages_days=36_500))
    hub = open_hub(folder / "hub", PEOPLE, policy, clock)
    for number, secret in enumerate((CANARY_SECRET, OWN_SECRET)):
        is_canary = secret == CANARY_SECRET
        check_in = replace(
            NATURAL,
            check_in_id=f"c-{number}",
            seq=number + 1,
            consented_at=NINE,
            surname=CANARY_NAME if is_canary else "钱",
            phone=CANARY_PHONE if is_canary else "13600136000",
            plate=CANARY_PLATE if is_canary else None,
            page_key=hashlib.sha256(secret.encode()).hexdigest(),
        )
        handle(hub, check_in)
    app = _pages(folder, hub, clock)
    words = (OWN_SECRET, "li", "chen", "1111", "6666")

    def before_walk() -> None:
        clock.pass_s(FORGET_PINS_S)

    yield Target("staff pages, a stranger", app, give_token, CANARIES, words, before_walk)
    yield Target("own page", app, give_token, CANARIES, (OWN_SECRET,) * 20, before_walk)
    yield Target("staff pages, a manager", app, _manager, (CANARY_PHONE,), words, before_walk)


def _pages(folder: Path, hub: Hub, clock: Clock) -> Flask:
    kept = HubSettings(
        site=SITE,
        site_name="西湖雅苑",
        data_dir=str(folder / "hub"),
        site_file="unused",
        accounts_file="unused",
        secret_key="a key for tests only",
        mqtt=MqttSettings(username="hub", password="unused"),
    )
    own = OwnData(hub, ActsAtOnce(hub), clock)
    app = create_app(HubSite(kept, hub, ActsAtOnce(hub)), kept.secret_key, clock, own)
    serve_channels(app, Channels(PhoneSettings(), folder, lambda _ring: True, "迎宾"))
    return app


def _manager(client: FlaskClient) -> None:
    give_token(client)
    with client.session_transaction() as session:
        token = session["csrf"]
    client.post("/login", data={"csrf": token, "staff_id": "chen", "pin": "6666"})
    give_token(client)
