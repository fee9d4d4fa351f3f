"""Sends strange messages as several accounts, in a process that `tests.bench.fuzz` starts.

Takes the MQTT port, the accounts file, a seed, how many messages, how many a second, and the names
of the accounts. Says at the end how many of each it sent, as JSON.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

from broker.mqtt_server.accounts import read_accounts
from shared.topics import ROOT
from tests.bench.crowd import Crowd
from tests.bench.fuzz.strange import Strange, strange_messages
from tests.fakes import SITE

TICK_S = 0.1


def main() -> int:
    """Send them all; the last line tells."""
    port, file, seed, count, pace, *names = sys.argv[1:]
    crowd, sent = Crowd(int(port)), Counter[str]()
    accounts = [each for each in read_accounts(Path(file)) if each.username in names]
    for account in accounts:
        crowd.join(account, [f"{ROOT}/{SITE}/hub/status"], lambda _message: None)
    chance = random.Random(int(seed))
    sources = [strange_messages(account.node_id, chance) for account in accounts]
    due = 0.0
    while sent.total() < int(count):
        due = min(due + float(pace) * TICK_S, int(count) - sent.total())
        while due >= 1:
            place = chance.randrange(len(accounts))
            strange = next(sources[place])
            _publish(crowd, accounts[place].username, strange)
            sent[strange.how] += strange.times
            due -= strange.times
        crowd.run(TICK_S)
    crowd.run(1.0)
    crowd.leave()
    print(json.dumps(sent))
    return 0


def _publish(crowd: Crowd, name: str, strange: Strange) -> None:
    for _ in range(strange.times):
        try:
            crowd.clients[name].publish(
                strange.topic, strange.payload, qos=1, retain=strange.is_retained
            )
        except ValueError:  # paho itself refuses such a topic
            return


if __name__ == "__main__":
    sys.exit(main())
