"""A whole site at work: the doctor looks at it, and a phone with a plain MQTT app listens to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from broker.mqtt_server.accounts import read_accounts
from gate.corrections.kept import read_kept
from shared.clock import now
from shared.codec import decode, encode
from shared.ids import new_id
from shared.messages import Arrival, Correction
from shared.topics import topic_of
from tests.servers import client
from tests.site import ROOT, RunningSite, running_site
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("site")
    with (
        (folder / "log").open("w") as log,
        running_site(folder, "--demo", "--every", "1", log=log) as running,
    ):
        yield running


def test_a_phone_with_nothing_but_a_user_name_hears_the_sentence_a_radio_would_carry(
    site: RunningSite,
) -> None:
    """Any MQTT app: the account's name and password, a topic, and plain text."""
    accounts = {
        account.node_id: account
        for account in read_accounts(site.data / "config" / "accounts.json")
    }
    for staff_id, role, end in (("menwei", "gate", "到访"), ("damen", "door", "请准备迎接")):
        account, topic = accounts[staff_id], f"yingbin/v1/{site.site}/say/role/{role}"
        with client(site.mqtt_port, account.username, account.password) as phone:
            phone.listen(topic)
            assert phone.hears(topic)
            texts = [payload.decode() for _, payload in phone.heard]
        assert any(text.endswith(end) for text in texts)
        assert not any(text.startswith("{") for text in texts)


def test_the_doctor_finds_nothing_wrong_at_a_live_site_and_disturbs_nobody(
    site: RunningSite,
) -> None:
    accounts = {
        account.node_id: account
        for account in read_accounts(site.data / "config" / "accounts.json")
    }
    door, house = accounts["damen"], accounts["home_assistant"]
    command = [sys.executable, str(ROOT / "yingbin.py"), "doctor", "--json"]
    command += ["--config", str(site.data / "config")]
    with (
        client(site.mqtt_port, door.username, door.password) as radio,
        client(site.mqtt_port, house.username, house.password) as automation,
    ):
        radio.listen(f"yingbin/v1/{site.site}/say/role/door")
        automation.listen(f"yingbin/v1/{site.site}/house/#", "homeassistant/#")
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        heard = [payload for _, payload in [*radio.heard, *automation.heard]]
    found = json.loads(done.stdout)
    made = {check["check"]: check for check in found["checks"]}
    assert {
        name: check["findings"] for name, check in made.items() if check["state"] == "wrong"
    } == {}
    assert done.returncode == 0
    assert made["access"]["state"] == "fine"
    assert not any(b"probe" in payload for payload in heard)
    assert site.query("select topic from rejected") == []


def test_what_the_guard_corrects_on_the_phone_is_kept_at_the_gate_with_its_strip(
    site: RunningSite,
) -> None:
    """From the phone's message through the hub to the gate, each by its own account."""
    accounts = {
        account.node_id: account
        for account in read_accounts(site.data / "config" / "accounts.json")
    }
    guard, monitor = accounts["menwei"], accounts["monitor"]
    (gate,) = {path.parent for path in site.data.rglob("corrections.sqlite3")}
    with (
        client(site.mqtt_port, guard.username, guard.password) as phone,
        client(site.mqtt_port, monitor.username, monitor.password) as watching,
    ):
        watching.listen(topic := f"yingbin/v1/{site.site}/gate/north/arrival")
        assert watching.hears(topic)
        told = decode(Arrival, next(said for heard, said in watching.heard if heard == topic))
        correction = Correction(
            correction_id=new_id(now()),
            gate_id="north",
            arrival_id=told.arrival_id,
            plate="浙AB0008",
            corrected_by="menwei",
            corrected_at=now(),
        )
        phone.client.publish(topic_of(correction, site=site.site), encode(correction), qos=1)
        assert eventually(lambda: any(each.plate == "浙AB0008" for each in read_kept(gate)))
    (strip,) = read_kept(gate)
    assert (strip.name, strip.read) == (told.arrival_id, told.plate)


def test_prometheus_reads_the_figures_of_a_live_site(site: RunningSite) -> None:
    def read() -> dict[tuple[str, ...], float]:
        with urlopen(f"{site.said['console']}metrics", timeout=CAME_AT_ALL_S) as answer:
            text = answer.read().decode()
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    assert eventually(lambda: read().get(("yingbin_gate_cars", "north"), 0) >= 1)
    figures = read()
    assert figures["yingbin_node_online", "gate", "north"] == 1
    assert figures["yingbin_mqtt_round_trip_seconds",] < CAME_AT_ALL_S
    assert figures["yingbin_disk_total_megabytes", "hub", "hub"] > 0
    assert figures["yingbin_check", "nodes"] == 0
