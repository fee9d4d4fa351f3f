"""From the frame that decided the plate to the alert at a client and on a page, part by part.

    python -m tests.bench latency [--arrivals 60] [--page] [--busy 2] [--mqtt-server embedded]

A whole site runs, a car each second. ``--page``: Chromium shows parking's phone as well.
``--busy``: so many other processes compute without a pause, and the programs have the priority that
their units give them (only root may raise one). The time is the machine's stopwatch, by one
``trace_id`` for each car.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from shared.clock import running_s
from shared.way import Place, said_in
from tests.bench.handhelds import percentile, rss_mb
from tests.bench.page_watch import PageWatch, watched_page
from tests.bench.way_parts import Way, told, took_ms, ways, whole
from tests.servers import client
from tests.site import ROOT, RunningSite, running_site

TARGET_P95_MS, TARGET_WORST_MS, BUSY_P95_MS = 60, 250, 300
TARGET_MB = 300
PROGRAMS = {name: f"{name}.toml" for name in ("mqtt", "hub", "kiosk", "gate")}
MOSQUITTO = "mosquitto.conf"


@dataclass(slots=True)
class Watch:
    """Arrivals by plate and how long their first alert took; and when each trace's alert came."""

    seen_at: dict[str, datetime] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    came: list[tuple[str, Place, float]] = field(default_factory=list)
    trace_of: dict[str, str] = field(default_factory=dict)
    """By the id of the alert."""

    def hear(self, topic: str, payload: bytes) -> None:
        """Take one message in, at the moment it came."""
        moment, at_s = datetime.now(UTC), running_s()
        body = json.loads(payload)
        if topic.endswith("/arrival"):
            self.seen_at[body["plate"]] = datetime.fromisoformat(body["seen_at"])
            return
        if trace_id := body.get("trace_id"):
            self.trace_of[body["alert_id"]] = trace_id
            self.came.append((trace_id, Place.AT_CLIENT, at_s))
        if "/alert/staff/" in topic and (seen := self.seen_at.pop(body["plate"], None)):
            self.took_ms.append((moment - seen).total_seconds() * 1000)


def measure(site: RunningSite, arrivals: int) -> Watch:
    """Hear of ``arrivals`` cars."""
    account, watch = site.said["monitor"], Watch()
    with client(site.mqtt_port, account["username"], account["password"]) as monitor:
        monitor.client.on_message = lambda _c, _d, message: (
            None if "/say/" in message.topic else watch.hear(message.topic, bytes(message.payload))
        )
        monitor.listen(f"yingbin/v1/{site.site}/gate/+/arrival", f"yingbin/v1/{site.site}/alert/#")
        give_up_at = time.monotonic() + arrivals * 5
        while len(watch.took_ms) < arrivals and time.monotonic() < give_up_at:
            time.sleep(0.5)
            print(f"\r{len(watch.took_ms)}/{arrivals} arrivals", end="", file=sys.stderr)
    print(file=sys.stderr)
    return watch


def says_way(data: Path) -> None:
    """Let the gate and the hub of this site say where each message is."""
    for name in ("gate", "hub"):
        file = data / "config" / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("[mqtt]\n", "[mqtt]\nsays_way = true\n"), encoding="utf-8")


def give_priority(site: RunningSite) -> None:
    """Give each program the priority that systemd gives it by its unit, if we may."""
    for name, words in PROGRAMS.items():
        unit = (ROOT / "systemd" / f"yingbin-{name}.service").read_text(encoding="utf-8")
        nice = next((int(line[5:]) for line in unit.splitlines() if line.startswith("Nice=")), 0)
        for pid in (*site.pids(words), *(site.pids(MOSQUITTO) if name == "mqtt" else ())):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.setpriority(os.PRIO_PROCESS, int(thread.name), nice)


@contextmanager
def others_busy(count: int) -> Iterator[None]:
    """So many processes that compute without a pause."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def memory_mb(site: RunningSite) -> dict[str, float]:
    """What each program has in RAM; mosquitto belongs to the MQTT server."""
    return {
        name: sum(
            rss_mb(pid)
            for pid in (*site.pids(words), *(site.pids(MOSQUITTO) if name == "mqtt" else ()))
        )
        for name, words in PROGRAMS.items()
    }


def report(found: list[Way], last: Place, is_busy: bool) -> bool:
    """Print the whole and its parts; whether the targets are held."""
    took = [took_ms(way, last) for way in found]
    p95, worst = percentile(took, 0.95), max(took)
    print(f"  median {median(took):.0f} ms   p95 {p95:.0f} ms   worst {worst:.0f} ms")
    print(told(found))
    if is_busy:
        return p95 <= BUSY_P95_MS
    return p95 <= TARGET_P95_MS and worst <= TARGET_WORST_MS


def run(asked: argparse.Namespace, data: Path, log_file: Path) -> tuple[Watch, dict[str, float]]:
    """Start the site twice: its settings are written by the first start."""
    options = ("--demo", "--every", "1", "--mqtt-server", asked.mqtt_server)
    with log_file.open("w") as log, running_site(data, *options, log=log):
        says_way(data)
    with ExitStack() as opened:
        log = opened.enter_context(log_file.open("w"))
        site = opened.enter_context(running_site(data, *options, log=log))
        page = opened.enter_context(watched_page(site)) if asked.page else PageWatch()
        if asked.busy:
            give_priority(site)
        opened.enter_context(others_busy(asked.busy))
        watch = measure(site, asked.arrivals)
        shown = page.shown()
        watch.came += [
            (watch.trace_of[alert_id], Place.SHOWN, at_s)
            for alert_id, at_s in shown
            if alert_id in watch.trace_of
        ]
        return watch, memory_mb(site)


def main() -> int:
    """Print median, p95, worst and the parts; 1 when a target is missed."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--arrivals", type=int, default=60)
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--mqtt-server", default="auto")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        watch, memory = run(asked, Path(folder, "data"), log)
        said = list(said_in(log.read_text(encoding="utf-8", errors="replace")))
    last = Place.SHOWN if asked.page else Place.AT_CLIENT
    found = whole(ways([*said, *watch.came]).values(), last)
    if len(watch.took_ms) < asked.arrivals or not found:
        print(f"only {len(watch.took_ms)} of {asked.arrivals} arrivals were told")
        return 1
    others = f", {asked.busy} busy processes beside" if asked.busy else ""
    print(f"frame to alert, {len(found)} cars, MQTT server {asked.mqtt_server}{others}:")
    is_good = report(found, last, asked.busy > 0)
    total = sum(memory.values())
    sizes = " + ".join(f"{name} {size:.0f}" for name, size in memory.items())
    print(f"memory: {sizes} = {total:.0f} MB (target {TARGET_MB})")
    return 0 if is_good and total <= TARGET_MB else 1


if __name__ == "__main__":
    sys.exit(main())
