"""Somebody sends a running site what they must not: a line in the log, and the site goes on."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from broker.launch.demo import site_toml
from broker.mqtt_server.accounts import read_accounts
from shared.clock import now
from shared.codec import encode
from shared.ids import new_id
from tests.samples import arrival
from tests.servers import Watcher, client
from tests.site import RunningSite, running_site
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]


@pytest.fixture(scope="module", params=["mosquitto", "embedded"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("site")
    people = folder / "config" / "site.toml"
    people.parent.mkdir()
    people.write_text(site_toml(now()), encoding="utf-8")
    with (
        (folder / "log").open("w") as log,
        running_site(folder, "--mqtt-server", request.param, log=log) as running,
    ):
        yield running


@pytest.fixture
def gate(site: RunningSite) -> Iterator[Watcher]:
    """A client that has the gate's password and no good intentions."""
    with as_gate(site) as watcher:
        assert watcher.is_connected()
        yield watcher


def as_gate(site: RunningSite) -> AbstractContextManager[Watcher]:
    accounts = read_accounts(site.data / "config" / "accounts.json")
    own = next(account for account in accounts if account.username == "gate-north")
    return client(site.mqtt_port, own.username, own.password, client_id=own.client_id)


def fresh(**changes: object) -> dict[str, object]:
    body: dict[str, object] = json.loads(encode(arrival()))
    moment = now().isoformat()
    return body | {"arrival_id": new_id(), "seen_at": moment, "sent_at": moment} | changes


def topic(site: RunningSite, below: str = "gate/north/arrival") -> str:
    return f"yingbin/v1/{site.site}/{below}"


def log_says(site: RunningSite, *words: str) -> bool:
    """Whether one of ``words`` appears in the log."""
    log = site.data / "log"
    return eventually(lambda: any(word in log.read_text(encoding="utf-8") for word in words))


def is_stored(
    site: RunningSite, body: dict[str, object], *, within_s: float = CAME_AT_ALL_S
) -> bool:
    sql = f"select count(*) from arrivals where arrival_id = '{body['arrival_id']}'"
    return eventually(lambda: site.query(sql) == [(1,)], within_s=within_s)


@pytest.fixture(autouse=True)
def flow_goes_on(site: RunningSite, gate: Watcher) -> Iterator[None]:
    """After each attack the site must still store the next visitor's car."""
    yield
    good = fresh()
    with as_gate(site) as again:
        again.client.publish(topic(site), json.dumps(good), qos=1)
        assert is_stored(site, good)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"plate=1", "Arrival: JSON is malformed"),
        (b'{"plate": "x"}', "missing required field `arrival_id`"),
        (json.dumps(fresh(confidence="high")).encode(), "$.confidence"),
        (json.dumps(fresh(gate_id="south")).encode(), "speaks only for itself"),
        (b"\x00\xff" * 40, "Arrival: "),
    ],
    ids=["no JSON", "no arrival", "wrong field", "another gate's name", "noise"],
)
def test_a_payload_that_is_no_arrival_is_set_aside(
    site: RunningSite, gate: Watcher, payload: bytes, words: str
) -> None:
    gate.client.publish(topic(site), payload, qos=1)
    assert log_says(site, words)


def test_a_megabyte_is_refused(site: RunningSite, gate: Watcher) -> None:
    body = fresh(raw_plate="x" * 1_000_000)
    gate.client.publish(topic(site), json.dumps(body), qos=1)
    assert log_says(site, "bytes, more than", "ropped too large")
    assert not is_stored(site, body, within_s=0.5)


def test_another_s_topic_is_denied(site: RunningSite, gate: Watcher) -> None:
    gate.client.publish(topic(site, "gate/south/arrival"), json.dumps(fresh()), qos=1)
    assert log_says(site, "enied")
    assert site.query("select count(*) from arrivals where gate_id = 'south'") == [(0,)]


def test_a_wrong_password_is_refused(site: RunningSite) -> None:
    with client(site.mqtt_port, "gate-north", "guess") as stranger:
        assert not stranger.is_connected()
    assert log_says(site, "not authori", "wrong user name or password")


def test_an_arrival_of_three_days_ago_is_kept_and_rings_nowhere(
    site: RunningSite, gate: Watcher
) -> None:
    body = fresh(seen_at=(now() - timedelta(days=3)).isoformat(), sent_at=now().isoformat())
    alerts = site.query("select count(*) from alerts")
    gate.client.publish(topic(site), json.dumps(body), qos=1)
    assert is_stored(site, body)
    assert log_says(site, "stored, late, rings nowhere")
    assert site.query("select count(*) from alerts") == alerts


def test_a_retained_event_is_not_acted_on_when_the_hub_returns(
    site: RunningSite, gate: Watcher
) -> None:
    body = fresh()
    site.kill("broker hub")
    gate.client.publish(topic(site), json.dumps(body), qos=1, retain=True)
    assert log_says(site, "a retained message is not acted on")
    assert not is_stored(site, body, within_s=0.5)
    gate.client.publish(topic(site), b"", qos=1, retain=True)
