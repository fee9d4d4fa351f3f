"""Five tablets at a busy site: visitors checked in, and how soon each saw who comes.

    python -m tests.bench.kiosks [--kiosks 5] [--an-hour 300] [--speed 20] [--for-s 120]

Real parts all through: mosquitto, the hub, one program a tablet; handhelds that take their alerts
and end each reception. A visitor's browser is played over HTTP with real forms, and asks for who
comes as often as the page does. Targets: none lost, 95 of 100 see the name within 500 ms of the
last tap.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broker.launch.setup import Plan, Ports, read_or_make_secrets, write_settings
from broker.mqtt_server.accounts import Account, new_account, write_accounts
from broker.site_file import SitePeople
from shared.config import read_config
from shared.topics import Party
from tests.bench.reading import show_progress
from tests.bench.willing_handhelds import answering_handhelds
from tests.kiosk_visitor import KioskVisitor
from tests.servers import free_ports, wait_for_port
from tests.site import ROOT, free_site_ports, rows_of
from tests.waiting import eventually

TARGET_P95_MS = 500
CONSULTANTS = 40
RECEPTION_S = 10.0
"""At 20 × speed: a short talk, so that somebody is always free."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """A site with several tablets, running."""

    data: Path
    tablets: tuple[str, ...]
    """The address that lets a browser in, for each."""

    def check_ins(self) -> int:
        """How many the hub has in its file."""
        return int(rows_of(self.data, "select count(*) from check_ins")[0][0])


@contextmanager
def fleet(folder: Path, count: int) -> Iterator[Fleet]:
    """The site, its handhelds at work."""
    plan = Plan(
        site="bench",
        site_name="西湖雅苑",
        config=folder / "config",
        state=folder,
        ports=Ports(free_site_ports()),
        host="127.0.0.1",
        camera=None,
        engine="mosquitto",
    )
    _write_people(plan)
    kept = read_or_make_secrets(plan, read_config(SitePeople, plan.people))
    paths = write_settings(plan, kept)
    tablets = tuple(new_account(Party.KIOSK, f"k{number}") for number in range(count))
    write_accounts(plan.config / "accounts.json", (*kept.accounts, *tablets))
    ports = free_ports(count)
    with ExitStack() as running, (folder / "log").open("wb") as log:

        def start(*words: str) -> None:
            running.enter_context(_process([sys.executable, "-m", *words], log))

        start("broker", "mqtt", "--config", str(paths["mqtt"]))
        wait_for_port(plan.ports.mqtt)
        start("broker", "hub", "--config", str(paths["hub"]))
        for account, own_port in zip(tablets, ports, strict=True):
            config = _kiosk_settings(paths["kiosk"], plan, account, own_port)
            start("kiosk", "--config", str(config))
        for own_port in (plan.ports.console, *ports):
            wait_for_port(own_port)
        staff = [account for account in kept.accounts if "consultant" in account.roles]
        running.enter_context(answering_handhelds(plan.site, plan.ports.mqtt, staff, RECEPTION_S))
        enter = f"/enter/{kept.kiosk_token}"
        yield Fleet(folder, tuple(f"http://127.0.0.1:{port}{enter}" for port in ports))


@contextmanager
def _process(command: list[str], log: IO[bytes]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, stderr=log, stdout=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _write_people(plan: Plan) -> None:
    plan.config.mkdir(parents=True)
    ids = [f"c{number}" for number in range(CONSULTANTS)]
    order = ", ".join(f'"{staff_id}"' for staff_id in ids)
    lines = [f"order = [{order}]"]
    for number, staff_id in enumerate(ids):
        lines += [
            "[[staff]]",
            f'id = "{staff_id}"',
            f'name = "顾问{number}"',
            'roles = ["consultant"]',
        ]
        lines += ['pin = "1234"']
    plan.people.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan.policy.write_text('open = "00:00"\nclose = "24:00"\n', encoding="utf-8")


def _kiosk_settings(first: Path, plan: Plan, account: Account, port: int) -> Path:
    """The settings of one more tablet, made from the site's first one's."""
    text = first.read_text(encoding="utf-8")
    changes = {
        '"lobby"': f'"{account.node_id}"',
        '"kiosk-lobby"': f'"{account.username}"',
        f"listen_port = {plan.ports.kiosk}": f"listen_port = {port}",
        str(plan.state / "kiosk"): str(plan.state / account.node_id),
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    lines = text.splitlines()
    lines = [
        f'password = "{account.password}"' if line.startswith("password = ") else line
        for line in lines
        if not line.startswith("client_id = ")
    ]
    path = first.with_name(f"{account.node_id}.toml")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def visitors(fleet: Fleet, every_s: float, for_s: float) -> list[float | None]:
    """A visitor each ``every_s`` at each tablet: ms until the page has its answer, or None."""
    took: list[float | None] = []

    def stand_at(number: int, address: str) -> None:
        tablet, begun = KioskVisitor(address), time.monotonic()
        due_at = begun + every_s * number / len(fleet.tablets)
        while due_at < begun + for_s:
            time.sleep(max(0.0, due_at - time.monotonic()))
            took.append(tablet.wait_for_answer())
            due_at += every_s

    threads = [threading.Thread(target=stand_at, args=pair) for pair in enumerate(fleet.tablets)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        show_progress(len(took), int(for_s / every_s) * len(fleet.tablets))
    return took


def main() -> int:
    """Print what was measured; 1 where somebody was lost or p95 misses its target."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--kiosks", type=int, default=5)
    parser.add_argument("--an-hour", type=float, default=300)
    parser.add_argument("--speed", type=float, default=20)
    parser.add_argument("--for-s", type=float, default=120)
    asked = parser.parse_args()
    every_s = 3600 / asked.an_hour / asked.speed * asked.kiosks
    with tempfile.TemporaryDirectory() as folder, fleet(Path(folder), asked.kiosks) as site:
        took = visitors(site, every_s, asked.for_s)
        is_whole = eventually(lambda: site.check_ins() >= len(took))
        stored = site.check_ins()
    times = sorted(ms for ms in took if ms is not None)
    p95 = times[int(len(times) * 0.95)] if times else float("inf")
    print(f"{asked.kiosks} kiosks, {len(took)} check-ins in {asked.for_s:.0f} s:")
    print(f"  {stored} in the hub's file, {len(took) - len(times)} never saw an answer")
    if times:
        middle = statistics.median(times)
        last = f"{middle:.0f} ms   p95 {p95:.0f} ms   worst {times[-1]:.0f}"
        print(f"  last tap → answer: median {last}")
    is_good = is_whole and stored == len(took) == len(times) and p95 < TARGET_P95_MS
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
