"""The attack: a site with a real hub and mosquitto, honest people, and accounts that go wild."""

import json
import random
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.mqtt_server.accounts import Account, new_account
from shared.sealed_file import connect
from shared.topics import Party
from tests.bench.crowd import Crowd
from tests.bench.fuzz.honest import Honest
from tests.bench.handhelds import percentile
from tests.bench.hub_process import HubProcess
from tests.servers import Server, mqtt_server
from tests.site import ROOT

STAFF = {
    **dict.fromkeys(("li", "wang", "sun"), "consultant"),
    "wu": "parking",
    "hu": "door",
    "boss": "manager",
}
"""The honest people."""
POSTS = ("consultant", "gate", "parking", "door", "steward", "bar", "showflat", "cart", "manager")
SETTLES_S = 5.0
BLAMES_US = "select reason from rejected where reason like 'Traceback%'"


@dataclass(slots=True)
class Found:
    """What was measured."""

    sent: dict[str, int] = field(default_factory=dict)
    quiet_ms: list[float] = field(default_factory=list)
    attacked_ms: list[float] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    """What the manager heard under attack, and how often."""
    urgent: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def slower(self) -> float:
        """How many times as long a car's alert takes at p95."""
        return percentile(self.attacked_ms, 0.95) / percentile(self.quiet_ms, 0.95)


def attack(folder: Path, messages: int, seed: int, pace: float, quiet_s: float) -> Found:
    """Measure in peace, then under attack; then look at what the hub has."""
    hub_account = new_account(Party.HUB, "hub")
    honest = _honest_accounts()
    attackers = _attackers()
    everybody = [hub_account, *honest.values(), *attackers]
    found = Found()
    with mqtt_server(folder, "mosquitto", everybody) as server:
        policy = 'open = "00:00"\nclose = "24:00"\n'
        hub = HubProcess(folder, server.port, hub_account.password, people=_people(), policy=policy)
        hub.start()
        pid, crowd = hub.pid, Crowd(server.port)
        people = [(honest[name], role) for name, role in STAFF.items()]
        site = Honest(crowd, honest["gate"], honest["tablet"], people, random.Random(seed))
        try:
            site.join()
            found.quiet_ms = site.come(quiet_s)
            site.forget_alerts()
            _attack(found, site, server, attackers, (seed, messages, pace))
            crowd.run(SETTLES_S)
            found.notices, found.urgent = Counter(site.notices.values()), len(site.urgent)
            crowd.leave()
            if not hub.is_running or hub.pid != pid:
                found.wrong.append(f"the hub ended: {hub.log[-2000:]}")
        finally:
            hub.stop()
        found.wrong += _wrong_in(hub.file, site)
    return found


def _attack(
    found: Found,
    site: Honest,
    server: Server,
    attackers: list[Account],
    plan: tuple[int, int, float],
) -> None:
    seed, messages, pace = plan
    words = [server.port, server.folder / "accounts.json", seed, messages, pace]
    names = [account.username for account in attackers]
    command = [sys.executable, "-m", "tests.bench.fuzz.attacker", *map(str, words), *names]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        while process.poll() is None:
            found.attacked_ms += site.come(10.0)
        assert process.stdout is not None
        if process.returncode != 0:
            raise SystemExit("the attacker failed")
        found.sent = json.loads(process.stdout.read())
    finally:
        process.kill()
        process.communicate()


def _wrong_in(path: Path, site: Honest) -> list[str]:
    wrong = [f"{len(site.kept)} honest messages have no receipt"] if site.kept else []
    for check in (verify, replay):
        said: list[str] = []
        if check(path, said.append) != 0:
            wrong.append(f"{check.__name__}: {said}")
    with closing(connect(path)) as db:
        wrong += [reason for (reason,) in db.execute(BLAMES_US)]
        kept = "select arrival_id from arrivals union select check_in_id from check_ins"
        missing = site.posted - {row[0] for row in db.execute(kept)}
    return [*wrong, *(f"{name} is lost" for name in missing)]


def _honest_accounts() -> dict[str, Account]:
    return {
        "gate": new_account(Party.GATE, "north"),
        "tablet": new_account(Party.KIOSK, "lobby"),
        **{name: new_account(Party.STAFF, name, (role,)) for name, role in STAFF.items()},
    }


def _attackers() -> list[Account]:
    """One of each kind, whose device somebody else has."""
    return [
        new_account(Party.GATE, "south"),
        new_account(Party.KIOSK, "bar"),
        *(new_account(Party.STAFF, f"x-{post}", (post,)) for post in POSTS),
        new_account(Party.MONITOR, "monitor"),
        new_account(Party.HOME_ASSISTANT, "home"),
    ]


def _people() -> str:
    everybody = STAFF | {f"x-{post}": post for post in POSTS}
    people = [
        f'[[staff]]\nid = "{name}"\nname = "{name}"\nroles = ["{role}"]\npin = "1111"\n'
        for name, role in everybody.items()
    ]
    return "\n".join(['order = ["li", "wang", "sun", "x-consultant"]', *people])
