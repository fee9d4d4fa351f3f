"""Second channels that pages chose: beside the file, over a restart, and rung at once."""

from pathlib import Path

import pytest

from broker.console.channel_view import ShownChannel
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.phones.channels import FILE_NAME, Channels
from broker.phones.locked_phones import LockedPhones
from broker.phones.ringer import LateRinger, sent_now
from broker.phones.rings import Ring
from broker.phones.settings import Channel, PhoneSettings
from broker.rules.policy import Policy
from shared.codec import decode
from shared.messages import Alert
from tests.broker.phones.ntfy import ntfy
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival
from tests.waiting import eventually

IN_FILE = Channel(url="bark://192.168.1.9/key")


def taken(_ring: Ring) -> bool:
    return True


@pytest.fixture
def channels(tmp_path: Path) -> Channels:
    return Channels(PhoneSettings(people={"zhao": IN_FILE}), tmp_path, taken, "迎宾")


def test_what_a_page_chose_goes_before_the_file_and_outlives_a_restart(
    channels: Channels, tmp_path: Path
) -> None:
    assert channels.of("zhao").url == IN_FILE.url
    assert channels.choose("zhao", ShownChannel(IN_FILE.url, "21:00-08:00"), "") is None
    channels.choose("li", ShownChannel("ntfys://ntfy.local/li"), "https://192.168.1.10/handheld")
    again = Channels(PhoneSettings(people={"zhao": IN_FILE}), tmp_path, taken, "迎宾").settings()
    assert again.people["zhao"].quiet == ("21:00-08:00",)
    assert again.link == "https://192.168.1.10/handheld"
    channels.choose("zhao", ShownChannel(), "")
    assert set(channels.settings().people) == {"li"}
    (tmp_path / FILE_NAME).write_text('{"people": 7}', "utf-8")
    broken = Channels(PhoneSettings(people={"zhao": IN_FILE}), tmp_path, taken, "迎宾")
    assert broken.of("zhao").url == IN_FILE.url


def test_a_channel_that_was_just_chosen_rings_without_a_restart(hub: Hub, tmp_path: Path) -> None:
    with ntfy() as (port, sent):
        channels = Channels(PhoneSettings(), tmp_path, sent_now, "迎宾")
        phones = LockedPhones(hub, channels.settings, LateRinger().ring)
        handle(hub, arrival("浙B77777"))
        phones.step(0.0)  # nobody chose anything
        channels.choose("wang", ShownChannel(f"ntfy://127.0.0.1:{port}/wang"), "")
        assert channels.try_out("wang", "试用")
        handle(hub, arrival("浙A88888", 2))
        phones.step(0.0)
        assert eventually(lambda: len(sent) == 2)
    assert str(sent[0]["message"]).startswith("试用")
    assert {each["topic"] for each in sent} == {"wang"}


def told_to_staff(folder: Path, settings: PhoneSettings) -> list[tuple[object, ...]]:
    """What the staff's pages are told of a morning at a site with these channels."""
    hub = open_hub(folder, PEOPLE, Policy(), FakeClock())
    phones = LockedPhones(hub, lambda: settings, LateRinger().ring)
    for message in (arrival("浙A88888"), NATURAL, arrival("浙B77777", 2)):
        handle(hub, message)
        phones.step(0.0)
    rows = hub.inbox.db.conn.execute("select body from alerts order by rowid").fetchall()
    alerts = [decode(Alert, body.encode()) for (body,) in rows]
    return [(each.role, each.staff_id, each.kind, each.title, each.text) for each in alerts]


def test_a_site_whose_internet_is_cut_tells_its_people_the_same(tmp_path: Path) -> None:
    nowhere = {person.id: Channel(url=f"ntfy://127.0.0.1:9/{person.id}") for person in PEOPLE.staff}
    folders = [tmp_path / name for name in ("without", "cut")]
    for folder in folders:
        folder.mkdir()
    without, cut = (
        told_to_staff(folder, PhoneSettings(people=people))
        for folder, people in zip(folders, ({}, nowhere), strict=True)
    )
    assert without == cut
    assert len(cut) > 3
