"""``yingbin up --demo --head-office``: three invented sites and the head office they report to."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from broker.launch.own_postgres import own_postgres
from broker.launch.preparing import Prepared, prepare, require_free
from broker.launch.settings_file import write_table
from broker.launch.setup import Plan, Ports
from broker.launch.supervise import Program, Supervisor
from broker.launch.up import tell_of, wait_until_ready
from shared.errors import OperatorError
from shared.in_use import holding_own
from shared.stop import told_to_stop
from shared.words import Sentence

SITES = 3
PORTS_APART = 10
READER = "demo"
_FRONT_DOOR = Path(__file__).parents[2] / "yingbin.py"


def run_group(plan: Plan, tell: Callable[[str], None], *, is_json: bool) -> int:
    """Start three sites like ``plan`` and their head office; keep them running until told to stop.

    Head office begins empty each time, and the sites join it anew: their journals fill it again.

    Raises:
        OperatorError: there is no PostgreSQL, a port is taken, or something does not start.
    """
    if find_spec("psycopg") is None:
        raise OperatorError("error.no_postgres", problem="psycopg")
    with holding_own(plan.state, "up"), own_postgres() as database:
        return _run(plan, database.url, tell, is_json=is_json)


def demo_plans(plan: Plan) -> tuple[Plan, ...]:
    """``plan`` and its sisters, each with a folder, a name and ports of its own."""
    return (plan, *(_sister(plan, number) for number in range(2, SITES + 1)))


def _sister(plan: Plan, number: int) -> Plan:
    folder = plan.state / f"site-{number}"
    return replace(
        plan,
        site=f"{plan.site}-{number}",
        site_name=f"{plan.site_name} {number}",
        config=folder / "config",
        state=folder,
        ports=Ports(plan.ports.first + (number - 1) * PORTS_APART),
    )


def _run(plan: Plan, database: str, tell: Callable[[str], None], *, is_json: bool) -> int:
    ended, plans = told_to_stop(), demo_plans(plan)
    port = plan.ports.first + SITES * PORTS_APART
    require_free(plan.host, [port, *(one for each in plans for one in each.ports.all)])
    sites = [prepare(each) for each in plans]
    office = _office_settings(plan, database, port)
    words = ("head-office", "--config", str(office))
    programs = [Program("head office", [sys.executable, str(_FRONT_DOOR), *words])]
    supervisor = Supervisor(programs)
    try:
        wait_until_ready(supervisor, ended)
        for site in sites:
            if ended.is_set():
                return 0
            code = _asked(*words, "--invite", site.plan.site)
            _asked(
                *("ship", "--config", str(site.paths["hub"])),
                *("--join", f"http://127.0.0.1:{port}", "--code", code),
            )
            programs += site.programs(f"{site.plan.site} ")
        wait_until_ready(supervisor, ended)
        if not ended.is_set():
            code = _asked(*words, "--admit", READER, "--role", "auditor")
            address = f"http://{'127.0.0.1' if is_json else plan.reached_at}:{port}/"
            for line in _told(sites, {"head_office": address, "code": code}, is_json=is_json):
                tell(line)
        while not ended.wait(0.2):
            supervisor.step()
    finally:
        supervisor.stop()
    return 0


def _told(sites: list[Prepared], office: Mapping[str, str], *, is_json: bool) -> Iterator[str]:
    """One JSON object of all, or a page of text for each."""
    if is_json:
        of_sites = [json.loads(line) for site in sites for line in tell_of(site, is_json=True)]
        yield json.dumps({**office, "sites": of_sites}, ensure_ascii=False)
        return
    for site in sites:
        yield f"— {site.plan.site_name} —"
        yield from tell_of(site, is_json=False)
    yield Sentence("up.head_office", **office, count=len(sites))


def _office_settings(plan: Plan, database: str, port: int) -> Path:
    folder = plan.state / "head_office"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "head_office.toml"
    reached = {"listen_host": plan.host, "listen_port": port}
    write_table(path, {"database_url": database, **reached, "tls": "off"})
    return path


def _asked(*words: str) -> str:
    """What one of our own commands says first.

    Raises:
        OperatorError: it fails.
    """
    done = subprocess.run(
        [sys.executable, str(_FRONT_DOOR), *words], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise OperatorError("error.up_command", command=words[0], problem=done.stderr.strip())
    return done.stdout.split("\n", 1)[0]
