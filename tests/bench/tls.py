"""From the deciding frame to the alert over TLS, beside the same alerts in plain, in one run.

python -m tests.bench tls [--arrivals 200] [--mqtt-server embedded]
"""

import argparse
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.bench.latency import Watch
from tests.bench.table import table
from tests.servers import client
from tests.site import RunningSite, running_site

MOST_SLOWER = 1.10
WAYS = {"plain": "mqtt", "TLS": "mqtts", "WebSocket": "mqtt_ws", "WebSocket, TLS": "mqtt_wss"}
"""What a way is called, and the site's name of its address."""
PAIRS = (("plain", "TLS"), ("WebSocket", "WebSocket, TLS"))


def measure(site: RunningSite, arrivals: int) -> dict[str, list[float]]:
    """Milliseconds from frame to alert by each way, of the same cars."""
    with ExitStack() as opened:
        watches = {way: opened.enter_context(listening(site, name)) for way, name in WAYS.items()}
        give_up_at = time.monotonic() + arrivals * 5
        while any(len(watch.took_ms) < arrivals for watch in watches.values()):
            if time.monotonic() > give_up_at:
                raise SystemExit("too few arrivals were told")
            time.sleep(0.5)
    return {way: sorted(watch.took_ms[:arrivals]) for way, watch in watches.items()}


@contextmanager
def listening(site: RunningSite, name: str) -> Iterator[Watch]:
    """A client by this way, which hears the site's arrivals and alerts."""
    account, watch, address = site.said["monitor"], Watch(), urlsplit(site.said[name])
    is_secure = address.scheme in ("mqtts", "wss")
    assert address.port is not None
    with client(
        address.port,
        account["username"],
        account["password"],
        transport="websockets" if address.scheme.startswith("ws") else "tcp",
        trusting=ssl.create_default_context(cafile=site.said["ca_file"]) if is_secure else None,
    ) as monitor:
        monitor.client.on_message = lambda _c, _d, message: (
            None if "/say/" in message.topic else watch.hear(message.topic, bytes(message.payload))
        )
        monitor.listen(f"yingbin/v1/{site.site}/gate/+/arrival", f"yingbin/v1/{site.site}/alert/#")
        yield watch


def main() -> int:
    """Print each way's median and p95; 1 when TLS makes the p95 more than a tenth longer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arrivals", type=int, default=200)
    parser.add_argument("--mqtt-server", default="auto")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w") as log:
        options = ("--demo", "--every", "0.5", "--mqtt-server", asked.mqtt_server)
        with running_site(Path(folder), *options, log=log) as site:
            took = measure(site, asked.arrivals)
    p95 = {way: each[int(len(each) * 0.95)] for way, each in took.items()}
    rows = [(way, f"{median(each):.1f}", f"{p95[way]:.1f}") for way, each in took.items()]
    print(f"frame to alert of {asked.arrivals} cars, MQTT server {asked.mqtt_server}:")
    print(table(("way", "median ms", "p95 ms"), rows))
    slower = max(p95[secure] / p95[plain] for plain, secure in PAIRS)
    print(f"TLS takes {slower:.2f} times as long at most ({MOST_SLOWER} allowed)")
    return 0 if slower <= MOST_SLOWER else 1


if __name__ == "__main__":
    raise SystemExit(main())
