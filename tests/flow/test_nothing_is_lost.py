"""Real processes, killed without warning: everything sent is in the hub's file exactly once."""

import random
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from broker.launch.demo import site_toml
from broker.mqtt_server.accounts import read_accounts
from shared.config import MqttSettings
from shared.sealed_file import connect
from tests.fakes import NINE
from tests.kiosk_visitor import KioskVisitor, try_check_in
from tests.site import ROOT, RunningSite, running_site
from tests.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.timeout(600)]

ARRIVALS, CHECK_INS = 200, 50
SEED = 20261123


class EdgeGate:
    """The process that posts arrivals; killed and started again."""

    def __init__(self, site: RunningSite, folder: Path) -> None:
        accounts = read_accounts(folder / "config" / "accounts.json")
        own = next(account for account in accounts if account.username == "gate-north")
        log_in = MqttSettings(
            port=site.mqtt_port,
            username=own.username,
            password=own.password,
            client_id=own.client_id,
        )
        written = msgspec.json.encode(log_in).decode()
        self._words = [str(folder), site.site, written, str(ARRIVALS), "0.08"]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.edge", *self._words], cwd=ROOT
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.start()


@pytest.mark.parametrize("server", ["mosquitto", "embedded"])
def test_kill_9_anywhere_loses_no_visitor_and_doubles_none(tmp_path: Path, server: str) -> None:
    people = tmp_path / "config" / "site.toml"
    people.parent.mkdir()
    people.write_text(site_toml(NINE), encoding="utf-8")
    with (
        (tmp_path / "log").open("w") as log,
        running_site(tmp_path, "--mqtt-server", server, log=log) as site,
    ):
        edge = EdgeGate(site, tmp_path)
        visitors = threading.Thread(target=_visitors, args=[str(site.said["kiosk"])])
        visitors.start()
        _disturb(site, edge)
        visitors.join(240)
        assert edge.process.wait(240) == 0, "the gate still has arrivals without a receipt"
        told = "select count(*) from check_ins"
        assert eventually(lambda: site.query(told) == [(CHECK_INS,)])
        _compare(site, tmp_path)


def _disturb(site: RunningSite, edge: EdgeGate) -> None:
    """Kill the hub, the MQTT server (and its files) and the gate, at seeded moments."""
    chance = random.Random(SEED)
    for _ in range(3):
        for hit in chance.sample(("hub", "mqtt", "gate"), 3):
            time.sleep(chance.uniform(0.3, 1.5))
            if hit == "hub":
                site.kill("broker hub")
            elif hit == "mqtt":
                site.kill("mosquitto -c")
                site.kill("mqtt-embedded")
                shutil.rmtree(site.data / "mqtt", ignore_errors=True)
            else:
                edge.kill()


def _visitors(address: str) -> None:
    visitor = KioskVisitor(address)
    for _ in range(CHECK_INS):
        assert try_check_in(visitor)
        time.sleep(0.1)


def _compare(site: RunningSite, folder: Path) -> None:
    with closing(connect(folder / "edge.sqlite3")) as db:
        posted = db.execute("select id from posted order by seq").fetchall()
    assert len(posted) == ARRIVALS
    assert site.query("select arrival_id from arrivals order by arrival_id") == sorted(posted)
    seqs = site.query("select json_extract(body, '$.seq') from check_ins order by 1")
    assert seqs == [(number,) for number in range(1, CHECK_INS + 1)]
    assert site.query("select topic, reason, payload from rejected") == []
