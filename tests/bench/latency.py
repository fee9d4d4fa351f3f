"""From the frame that decided the plate to the alert at a subscribed client, with all running.

python -m tests.bench.latency [--arrivals 60] [--mqtt-server embedded]
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.servers import client
from tests.site import RunningSite, running_site

TARGET_P95_MS = 300


@dataclass(slots=True)
class Watch:
    """Arrivals by plate and how long their first alert took."""

    seen_at: dict[str, datetime] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)

    def hear(self, topic: str, payload: bytes) -> None:
        """Take one message in, at the moment it came."""
        moment = datetime.now(UTC)
        body = json.loads(payload)
        if topic.endswith("/arrival"):
            self.seen_at[body["plate"]] = datetime.fromisoformat(body["seen_at"])
        elif "/alert/staff/" in topic and (seen := self.seen_at.pop(body["plate"], None)):
            self.took_ms.append((moment - seen).total_seconds() * 1000)


def measure(site: RunningSite, arrivals: int, *, within_s: float) -> list[float]:
    """Milliseconds from frame to alert of ``arrivals`` cars."""
    account, watch = site.said["monitor"], Watch()
    with client(site.mqtt_port, account["username"], account["password"]) as monitor:
        monitor.client.on_message = lambda _c, _d, message: (
            None if "/say/" in message.topic else watch.hear(message.topic, bytes(message.payload))
        )
        monitor.listen(f"yingbin/v1/{site.site}/gate/+/arrival", f"yingbin/v1/{site.site}/alert/#")
        give_up_at = time.monotonic() + within_s
        while len(watch.took_ms) < arrivals and time.monotonic() < give_up_at:
            time.sleep(0.5)
            print(f"\r{len(watch.took_ms)}/{arrivals} arrivals", end="", file=sys.stderr)
    print(file=sys.stderr)
    return sorted(watch.took_ms)


def main() -> int:
    """Print median, p95 and worst; 1 when p95 misses the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arrivals", type=int, default=60)
    parser.add_argument("--mqtt-server", default="auto")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w") as log:
        options = ("--demo", "--every", "1", "--mqtt-server", asked.mqtt_server)
        with running_site(Path(folder), *options, log=log) as site:
            took = measure(site, asked.arrivals, within_s=asked.arrivals * 5)
    if len(took) < asked.arrivals:
        print(f"only {len(took)} of {asked.arrivals} arrivals were told")
        return 1
    p95 = took[int(len(took) * 0.95)]
    print(f"frame to alert, {len(took)} arrivals, MQTT server {asked.mqtt_server}:")
    print(f"  median {median(took):.0f} ms   p95 {p95:.0f} ms   worst {took[-1]:.0f} ms")
    return 0 if p95 < TARGET_P95_MS else 1


if __name__ == "__main__":
    sys.exit(main())
