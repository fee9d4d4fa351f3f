"""A thousand rare names: typed at the tablet, entered by the host, taken along by the person."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.local.local_socket import LocalSocket
from broker.local.post_box import PostBox
from broker.personal.person_command import main
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from shared.codec import decode, encode
from shared.command_line import Terminal
from shared.messages import CheckIn, Registration
from tests.erasing import finish
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.kiosk.house import House
from tests.rare_names import rare_names

A_THOUSAND = pytest.param(1000, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])
EXPORTED_EVERY = 10
"""13 kinds of names alternate, so each kind is among them."""


def phone_of(number: int) -> str:
    return f"1380000{number:04d}"


def typed_at_the_tablet(names: list[str]) -> Iterator[CheckIn]:
    """Each name through the real pages, as the hub reads it from the wire."""
    house = House()
    tablet = house.tablet()
    for number, name in enumerate(names):
        tablet.begin()
        tablet.answer("yes", "no", "no")
        tablet.consent("yes")
        tablet.send("/check-in/details", surname=name, phone=phone_of(number))
        assert tablet.status == 200, name
        tablet.send("/reset")
        tablet.open("/")
    for check_in in house.check_ins():
        yield decode(CheckIn, encode(check_in))


def entered_by_host(hub: Hub, check_in: CheckIn) -> None:
    """The visit from the check-in to its end; in between the host enters the customer."""
    handle(hub, check_in)
    visit = hub.visits.of_check_in(check_in.check_in_id)
    assert visit is not None
    assert visit.host_id is not None
    registration = Registration(
        registration_id=f"r-{check_in.seq}",
        staff_id=visit.host_id,
        registered_at=hub.clock(),
        surname=visit.surname,
        phone=visit.phone,
        visit_id=visit.visit_id,
    )
    handle(hub, decode(Registration, encode(registration)))
    finish(hub, check_in.check_in_id)


@contextmanager
def answering(hub: Hub, folder: Path) -> Iterator[None]:
    """The hub's socket, by which commands reach it."""
    post_box, ended = PostBox(), Event()

    def loop() -> None:
        while not ended.wait(0.005):
            post_box.take(partial(handle, hub))

    socket, thread = LocalSocket(folder, post_box), Thread(target=loop)
    socket.start()
    thread.start()
    yield
    ended.set()
    thread.join()
    socket.stop()


def taken_along(data: Path, phone: str) -> dict[str, list[str]]:
    """The surnames in each part of what `yingbin person export` writes."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert main(["export", "--phone", phone, "--data", str(data)], Terminal("zh-CN")) == 0
    copy = json.loads(said.getvalue())
    parts = ("visits", "check_ins", "registrations")
    return {part: [row["surname"] for row in copy[part]] for part in parts}


@pytest.mark.parametrize("count", [65, A_THOUSAND])
def test_a_rare_name_comes_back_unharmed(count: int, tmp_path: Path, clock: FakeClock) -> None:
    names = rare_names(count)
    hub = open_hub(tmp_path / "hub", PEOPLE, Policy(), clock)
    for check_in in typed_at_the_tablet(names):
        entered_by_host(hub, check_in)
    found = [hub.register.find(Keys(phone=phone_of(number))) for number in range(count)]
    assert [customer.surname for (customer,) in found] == names
    with answering(hub, tmp_path / "hub"):
        for number in range(0, count, EXPORTED_EVERY):
            kept = taken_along(tmp_path, phone_of(number))
            name = [names[number]]
            assert kept == {"visits": name, "check_ins": name, "registrations": name}
