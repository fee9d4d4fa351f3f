"""Phones with the screen locked: who is rung, what is said, and that nobody waits for it."""

import re
import time
from datetime import time as clock_time
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub import program
from broker.phones import settings as module
from broker.phones.locked_phones import LockedPhones
from broker.phones.ringer import WAITING_AT_MOST, Ringer
from broker.phones.rings import Ring
from broker.phones.settings import FILE_NAME, Channel, PhoneSettings, is_quiet, phone_settings
from broker.settings import HubSettings
from shared.config import read_config
from shared.errors import OperatorError
from shared.messages import NodeKind
from shared.mqtt import MqttLink
from shared.node import Node
from shared.words import read_words
from tests.broker.phones.ntfy import ntfy
from tests.fakes import SITE, FakeClock
from tests.samples import NATURAL, arrival
from tests.waiting import eventually

EXAMPLE = Path(module.__file__).with_name("phones.example.toml")
LINK = "https://192.168.1.10:8443/handheld"


def settings(*quiet: str, people: tuple[str, ...] = ("wang", "li"), port: int = 1) -> PhoneSettings:
    channels = {each: Channel(url=f"ntfy://127.0.0.1:{port}/{each}") for each in people}
    return PhoneSettings(link=LINK, quiet=quiet, people=channels)


def rung(hub: Hub, chosen: PhoneSettings) -> list[Ring]:
    """What goes out when the car of 王强's customer comes."""
    found: list[Ring] = []
    phones = LockedPhones(hub, lambda: chosen, found.extend)
    handle(hub, arrival("浙A88888"))
    phones.step(0.0)
    phones.step(0.0)
    return found


def test_whoever_is_called_is_rung_once_with_the_plate_masked_and_where_to_answer(
    hub: Hub,
) -> None:
    (notice,) = rung(hub, settings(people=("wang",)))
    assert notice.staff_id == "wang"
    _, plate, link = notice.body.splitlines()
    raised = {row[0] for row in hub.inbox.db.conn.execute("select alert_id from alerts")}
    assert plate == "浙A·8**88"
    assert link in {f"{LINK}#alert={alert_id}" for alert_id in raised}


def test_no_name_no_phone_and_no_whole_plate_leaves_the_house(hub: Hub) -> None:
    found: list[Ring] = []
    everybody = tuple(person.id for person in hub.people.staff)
    phones = LockedPhones(hub, lambda: settings(people=everybody), found.extend)
    handle(hub, arrival("浙A88888"))
    handle(hub, NATURAL)
    phones.step(0.0)
    said = "".join(notice.title + notice.body for notice in found)
    assert len(found) > 2
    assert not re.search("88888|张|赵|先生|女士|1[0-9]{10}", said)


def test_each_sentence_for_phones_is_said(hub: Hub) -> None:
    found: list[Ring] = []
    everybody = tuple(person.id for person in hub.people.staff)
    phones = LockedPhones(hub, lambda: settings(people=everybody), found.extend)
    handle(hub, arrival("浙A88888"))
    phones.step(0.0)
    words = read_words("broker")
    ours = {words.say(f"phones.{kind}", "zh-CN") for kind in ("claim", "notice")}
    assert {ring.body.splitlines()[0] for ring in found} <= ours


def test_the_day_in_numbers_goes_at_closing_to_the_manager_who_wants_it(
    hub: Hub, clock: FakeClock
) -> None:
    found: list[Ring] = []
    chosen = settings(people=("chen", "wang"))
    wanting = Channel(url="ntfy://127.0.0.1:1/day", has_day_report=True)
    told = LockedPhones(hub, lambda: replace(chosen, people={"chen": wanting}), found.extend)
    untold: list[Ring] = []
    others = LockedPhones(hub, lambda: chosen, untold.extend)
    handle(hub, arrival("浙A88888"))
    others.step(0.0)
    told.step(0.0)
    found.clear()
    untold.clear()
    clock.pass_s(12 * 3600)
    let_time_pass(hub)
    told.step(0.0)
    others.step(0.0)
    (day,) = [ring for ring in found if "2026-11-23" in ring.body]
    assert day.staff_id == "chen"
    assert not re.search("浙A|张|女士|1[0-9]{10}", day.body)
    assert not any("2026-11-23" in ring.body for ring in untold)


def test_without_the_file_nobody_is_rung_and_quiet_hours_are_quiet(
    hub: Hub, tmp_path: Path
) -> None:
    assert phone_settings(tmp_path) == PhoneSettings()
    assert rung(hub, phone_settings(tmp_path)) == []


@pytest.mark.parametrize(("quiet", "count"), [("08:30-10:00", 0), ("21:00-08:00", 1)])
def test_in_quiet_hours_nobody_is_rung(hub: Hub, quiet: str, count: int) -> None:
    assert len(rung(hub, settings(quiet, people=("wang",)))) == count


@pytest.mark.parametrize(
    ("span", "at", "is_in"),
    [
        ("21:00-08:00", clock_time(23, 0), True),
        ("21:00-08:00", clock_time(7, 59), True),
        ("21:00-08:00", clock_time(8, 0), False),
        ("12:00-13:00", clock_time(12, 0), True),
        ("12:00-13:00", clock_time(13, 0), False),
    ],
)
def test_a_quiet_time_may_go_past_midnight(span: str, at: clock_time, is_in: bool) -> None:
    assert is_quiet((span,), at) is is_in


def test_what_is_over_by_the_next_look_is_not_rung(hub: Hub, clock: FakeClock) -> None:
    found: list[Ring] = []
    phones = LockedPhones(hub, lambda: settings(), found.extend)
    handle(hub, arrival("浙A88888"))
    clock.pass_s(3600)
    phones.step(0.0)
    assert found == []


def test_a_server_of_the_site_s_own_gets_it_at_once(hub: Hub) -> None:
    with ntfy() as (port, sent):
        ringer = Ringer()
        ringer.start()
        phones = LockedPhones(hub, lambda: settings(people=("wang",), port=port), ringer.ring)
        handle(hub, arrival("浙A88888"))
        phones.step(0.0)
        assert eventually(lambda: len(sent) == 1)
        ringer.stop()
    assert sent[0]["topic"] == "wang"
    assert "浙A·8**88" in str(sent[0]["message"])
    assert LINK in str(sent[0]["message"])


def test_the_hub_reads_the_file_that_lies_beside_its_settings(hub: Hub, tmp_path: Path) -> None:
    example = read_config(HubSettings, Path(program.__file__).parents[1] / "hub.example.toml")
    chosen = replace(example, data_dir=str(tmp_path))
    config = tmp_path / "hub.toml"
    assert program.channels_of(chosen, config).settings().people == {}
    (tmp_path / FILE_NAME).write_text('people.li = {url = "ntfy://127.0.0.1:9/x"}', "utf-8")
    channels = program.channels_of(chosen, config)
    assert set(channels.settings().people) == {"li"}
    link = MqttLink(chosen.mqtt, Node(SITE, "hub", NodeKind.HUB, "0"), [])  # not started
    (phones,) = program.watching_for_others(chosen, hub, link, channels)
    assert isinstance(phones, LockedPhones)
    assert set(phones.settings().people) == {"li"}


def test_where_the_internet_is_cut_nobody_waits_and_it_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ringer = Ringer()
    ringer.start()
    began_s = time.monotonic()
    notice = Ring("li", "ntfy://127.0.0.1:9/secret-topic", "迎宾", "有客户在等您")
    ringer.ring([notice] * (WAITING_AT_MOST + 50))
    assert time.monotonic() - began_s < 5
    assert eventually(lambda: "channel of li does not answer" in caplog.text)
    ringer.stop()
    assert caplog.text.count("channel of li") == 1
    assert "secret-topic" not in caplog.text


def test_the_example_explains_every_key_and_is_taken(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    assert phone_settings(tmp_path) == PhoneSettings()
    shown = re.sub(r"^# (\w+ = |\[)", r"\1", text, flags=re.M)
    (tmp_path / FILE_NAME).write_text(shown, encoding="utf-8")
    chosen = phone_settings(tmp_path)
    assert {*PhoneSettings.__struct_fields__, *Channel.__struct_fields__} <= set(
        re.findall(r"\w+", shown)
    )
    assert chosen.people["li"].quiet == ("12:00-13:00",)


@pytest.mark.parametrize("line", ['quiet = ["25:00-08:00"]', 'people.li = {url = "no address"}'])
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE_NAME).write_text(line, encoding="utf-8")
    with pytest.raises(OperatorError):
        phone_settings(tmp_path)
