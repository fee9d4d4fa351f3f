"""A whole site around one tablet: the real hub, mosquitto, and consultants for every rule."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from broker.mqtt_server.accounts import read_accounts
from shared.clock import now
from shared.codec import encode
from shared.messages import NodeKind, NodeState, NodeStatus
from shared.topics import topic_of
from tests.servers import client
from tests.site import RunningSite, running_site

SURNAMES = "李陈孙周吴郑冯蒋沈韩杨朱秦许"
ROTATION = {f"turn-{at}": f"{surname}敏" for at, surname in enumerate(SURNAMES)}
"""Consultants who receive by turns: one for each visitor without an owner; none finishes."""
OWNERS = {"wang": "王强", "zhao": "赵磊", "qian": "钱坤", "he": "何琳", "lv": "吕宁", "shi": "施雨"}
"""Consultants with customers of their own, one for each rule, so that each is free when needed."""
NAMES = {**ROTATION, **OWNERS}
BOSS = "boss"

WANG_S_CUSTOMER, ZHAO_S_FORMER_CUSTOMER = "13800138000", "13900139000"
QIAN_S_CAR, SHI_S_APPOINTMENT = "浙A66666", "13700137000"
HEARTBEAT_S = 10
_LONG_AGO = 40
_CUSTOMERS = (
    ("wang", 3, f'phone = "{WANG_S_CUSTOMER}"'),
    ("zhao", _LONG_AGO, f'phone = "{ZHAO_S_FORMER_CUSTOMER}"'),
    ("qian", 3, f'plates = ["{QIAN_S_CAR}"]'),
    ("shi", _LONG_AGO, f'phone = "{SHI_S_APPOINTMENT}"'),  # a stranger is booked earlier (R3b)
)


@contextmanager
def kiosk_site(folder: Path) -> Iterator[RunningSite]:
    """A site that is always open; without a gate, so that only the visitor causes alerts."""
    config = folder / "config"
    config.mkdir(parents=True)
    (config / "site.toml").write_text(_people(), encoding="utf-8")
    (config / "policy.toml").write_text('open = "00:00"\nclose = "24:00"\n', encoding="utf-8")
    with (
        (folder / "log").open("w") as log,
        running_site(folder, "--mqtt-server", "mosquitto", log=log) as site,
        phones_online(site, tuple(NAMES)),
    ):
        yield site


@contextmanager
def phones_online(site: RunningSite, people: tuple[str, ...]) -> Iterator[None]:
    """Phones of ``people`` that only say that they are online: the tablet names nobody else."""
    accounts = read_accounts(site.data / "config" / "accounts.json")
    passwords = {account.username: account.password for account in accounts}
    stopped, connected_at = threading.Event(), now()
    with ExitStack() as stack:
        phones = {
            who: stack.enter_context(
                client(site.mqtt_port, f"staff-{who}", passwords[f"staff-{who}"])
            )
            for who in people
        }

        def keep_saying() -> None:
            while True:
                for who, phone in phones.items():
                    status = NodeStatus(
                        node_id=who,
                        kind=NodeKind.STAFF,
                        state=NodeState.ONLINE,
                        at=now(),
                        connected_at=connected_at,
                    )
                    phone.client.publish(topic_of(status, site=site.site), encode(status), qos=1)
                if stopped.wait(HEARTBEAT_S):
                    return

        saying = threading.Thread(target=keep_saying)
        saying.start()
        try:
            yield
        finally:
            stopped.set()
            saying.join()


def last_visit(site: RunningSite) -> dict[str, Any]:
    """What the hub decided last."""
    asked = "select check_in_id, rule, owner_id, host_id from visits order by rowid desc limit 1"
    (row,) = site.query(asked)
    return dict(zip(("check_in_id", "rule", "owner_id", "host_id"), row, strict=True))


def check_ins(site: RunningSite) -> int:
    """How many the hub has."""
    return int(site.query("select count(*) from check_ins")[0][0])


def pin_of(site: RunningSite) -> str:
    """The staff's PIN of the tablet."""
    kept = json.loads((site.data / "config" / "web.json").read_text(encoding="utf-8"))
    return str(kept["kiosk_pin"])


def _people() -> str:
    order = ", ".join(f'"{staff_id}"' for staff_id in NAMES)
    lines = [f"order = [{order}]"]
    people = [(staff_id, name, "consultant") for staff_id, name in NAMES.items()]
    for staff_id, name, role in (*people, (BOSS, "陈经理", "manager")):
        lines += ["[[staff]]", f'id = "{staff_id}"', f'name = "{name}"', f'roles = ["{role}"]']
        lines += ['pin = "1234"', f'team = "{staff_id}"']
    for owner, days_ago, key in _CUSTOMERS:
        at = (now() - timedelta(days=days_ago)).isoformat(timespec="seconds")
        lines += ["[[registered]]", f'consultant = "{owner}"', f"at = {at}", key]
    return "\n".join(lines) + "\n"
