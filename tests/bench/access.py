"""Every account says and hears everything, in every way to both MQTT servers: what it may not.

python -m tests.bench access [--mqtt-server embedded]
"""

import argparse
import tempfile
from pathlib import Path

from broker.mqtt_server.access_check import try_out
from broker.mqtt_server.access_matrix import filters_to_try, topics_to_try
from tests.every_account import ACCOUNTS, LISTENER, hearing_all
from tests.fakes import SITE


def main() -> int:
    """Print what was tried and each breach; 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mqtt-server", choices=("mosquitto", "embedded"))
    asked = parser.parse_args()
    topics, is_wrong = topics_to_try(ACCOUNTS, site=SITE), False
    print(
        f"{len(ACCOUNTS)} accounts, {len(topics)} topics, "
        f"{len(filters_to_try(topics, site=SITE))} subscriptions, last wills, borrowed client ids"
    )
    for engine in [asked.mqtt_server] if asked.mqtt_server else ["mosquitto", "embedded"]:
        with tempfile.TemporaryDirectory() as folder, hearing_all(Path(folder), engine) as server:
            ways = server.ways
            for turn in range(len(ways)):
                shared = [*ways[turn:], *ways[:turn]]
                found = try_out(ACCOUNTS, site=SITE, ways=shared, is_live=False, watcher=LISTENER)
                print(f"{engine}, the ways from {shared[0].name} on: {len(found)} breaches")
                for breach in found:
                    print(f"  {breach}")
                is_wrong = is_wrong or bool(found)
    return int(is_wrong)


if __name__ == "__main__":
    raise SystemExit(main())
