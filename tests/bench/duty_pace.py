"""How soon a duty is on the phones once it is due, and how soon all is told after an outage.

python -m tests.bench duty_pace [--at-once 10] [--table 100]
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from paho.mqtt.client import Client, MQTTMessage

from broker.mqtt_server.accounts import new_account
from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from shared.topics import Party
from tests.bench.hub_process import HubProcess
from tests.clocked_hub import ClockedHub
from tests.fakes import SITE
from tests.servers import client, mqtt_server
from tests.waiting import eventually

POSTS = ("parking", "door", "bar", "steward")
LEAST_S = 15
"""So long before the whole minute the hub must be there."""
OUTAGE_S = 3 * 3600.0
ON_TIME_S, CAUGHT_UP_S = 0.2, 5.0


def main() -> int:
    """Print both figures; 1 if one is not good enough."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--at-once", type=int, default=10, help="duties due at one minute")
    parser.add_argument("--table", type=int, default=100, help="duties that the outage swallows")
    asked = parser.parse_args()
    logging.disable()
    late_s = sorted(_late_s(asked.at_once))
    print(
        f"{len(late_s)} duties due at one minute, on the phones of {len(POSTS)} posts: "
        f"median {median(late_s) * 1000:.0f} ms, last {late_s[-1] * 1000:.0f} ms"
    )
    took_s, became = _after_an_outage(asked.table)
    print(
        f"{asked.table} duties swallowed by an outage of 3 h, {took_s:.2f} s after the hub began: "
        + ", ".join(f"{count} {state}" for state, count in became.items())
    )
    is_good = late_s[-1] < ON_TIME_S and took_s < CAUGHT_UP_S
    return 0 if is_good else 1


def _late_s(count: int) -> list[float]:
    """How long after the whole minute each alert came to its phone."""
    due = datetime.fromtimestamp((time.time() + LEAST_S) // 60 * 60 + 60, UTC)
    came: list[float] = []
    with tempfile.TemporaryDirectory() as made, _site(Path(made), due, count, came):
        if not eventually(lambda: len(came) >= count):
            raise SystemExit(f"{len(came)} of {count} duties came")
    return [at_s - due.timestamp() for at_s in came]


@contextmanager
def _site(folder: Path, due: datetime, count: int, came: list[float]) -> Iterator[None]:
    """A real hub and MQTT server, and a phone at each post that notes when it hears."""
    hub_account = new_account(Party.HUB, "hub")
    phones = [new_account(Party.STAFF, post, (post,)) for post in POSTS]
    with ExitStack() as ended:
        server = ended.enter_context(mqtt_server(folder, "mosquitto", [hub_account, *phones]))
        policy = f'open = "00:00"\nclose = "24:00"\nduties = [{_rows(due, count)}]\n'
        hub = HubProcess(folder, server.port, hub_account.password, people=_people(), policy=policy)
        for phone in phones:
            voice = ended.enter_context(client(server.port, phone.username, phone.password))
            voice.client.on_message = partial(_note, came)
            voice.listen(f"yingbin/v1/{SITE}/alert/role/{phone.node_id}")
        hub.start()
        ended.callback(hub.stop)
        yield


def _note(came: list[float], _client: Client, _data: object, message: MQTTMessage) -> None:
    if "岗位任务" in message.payload.decode():
        came.append(time.time())


def _people() -> str:
    return "order = []\n" + "\n".join(
        f'[[staff]]\nid = "{post}"\nname = "{post}"\nroles = ["{post}"]\npin = "1111"'
        for post in POSTS
    )


def _rows(due: datetime, count: int) -> str:
    return ", ".join(
        f'{{ key = "d{number}", post = "{POSTS[number % len(POSTS)]}", text = "任务{number}", '
        f'times = "{due.astimezone(ZoneInfo(Policy().timezone)):%H:%M}" }}'
        for number in range(count)
    )


def _after_an_outage(count: int) -> tuple[float, Counter[str]]:
    """How long the hub takes from its start until all is told, and what became of the duties."""
    lates = tuple(Late)
    table = tuple(
        DutyPlan(
            key=f"d{number}",
            post=POSTS[number % len(POSTS)],
            text=f"任务{number}",
            times=f"{9 + number % 2:02}:{number % 60:02}",
            late=lates[number % len(lates)],
        )
        for number in range(count)
    )
    with tempfile.TemporaryDirectory() as made:
        site = ClockedHub(Path(made), policy=Policy(duties=table))
        site.pass_s(1.0)
        begun_s = time.perf_counter()
        site.switch_off(OUTAGE_S)
        took_s = time.perf_counter() - begun_s
        local = site.policy.local(site.hub.clock())
        became = Counter(str(duty.state) for duty in site.hub.duties.of_day(local.date()))
        site.stop()
    return took_s, became


if __name__ == "__main__":
    sys.exit(main())
