"""``yingbin up``: runs a whole site on this machine, with its own MQTT server."""

import argparse
import io
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import segno

from broker.certificates.keeping import AUTHORITY, FOLDER
from broker.console.tickets import first_path, login_path
from broker.launch.preparing import Prepared, prepare, require_free
from broker.launch.setup import SECURE_ABOVE, Plan, Ports, Secrets
from broker.launch.supervise import Supervisor
from broker.log_ins.pins import is_kept_open
from broker.rules.state import MANAGER
from broker.site_file import SitePeople
from shared.clock import now
from shared.disk import disk_trouble
from shared.errors import OperatorError
from shared.in_use import holding_own
from shared.stop import told_to_stop
from shared.systemd import WAITS_ANOTHER_S
from shared.words import DEFAULT_LANGUAGE, Sentence

log = logging.getLogger(__name__)

READY_WITHIN_S = 90.0
DEMO_LOG_IN_FOR = timedelta(days=1)
DEMO_PICTURES = Path(__file__).parents[2] / "gate" / "demo"


def plan_from(asked: argparse.Namespace) -> Plan:
    """The plan that the command line asks for.

    Raises:
        OperatorError: without ``--demo`` there must be a data folder with people in it.
    """
    if not asked.demo and asked.data is None:
        raise OperatorError("error.up_no_site")
    data = (asked.data or Path("data", "demo")).resolve()
    name = Sentence("site.demo_name") if asked.demo else Sentence("site.name")
    pictures = str(asked.pictures.resolve()) if asked.pictures else None
    return Plan(
        site="demo" if asked.demo else "site",
        site_name=name.in_language(DEFAULT_LANGUAGE),
        config=data / "config",
        state=data,
        ports=Ports(asked.port),
        host=asked.host,
        camera=asked.camera or pictures or (str(DEMO_PICTURES) if asked.demo else None),
        engine=asked.mqtt_server,
        is_demo=asked.demo,
        enrols_once=False,
        every_s=asked.every,
    )


def run(plan: Plan, tell: Callable[[str], None], *, is_json: bool) -> int:
    """Start all programs, ``tell`` their addresses, keep them running until Ctrl-C or SIGTERM.

    Raises:
        OperatorError: the settings are wrong, a port is taken, or the disk refuses a new site.
    """
    with _disk_refuses(plan.state), holding_own(plan.state, "up"):
        return _run(plan, tell, is_json=is_json)


@contextmanager
def _disk_refuses(folder: Path) -> Iterator[None]:
    """Within it, a disk that takes no settings is told as what it is.

    Raises:
        OperatorError: it does not take them.
    """
    try:
        yield
    except OSError as error:
        if disk_trouble(error, folder) is None:
            raise
        raise OperatorError("error.up_disk", folder=folder, problem=error.strerror) from error


def _run(plan: Plan, tell: Callable[[str], None], *, is_json: bool) -> int:
    ended = told_to_stop()
    require_free(plan.host, plan.ports.all)
    site = prepare(plan)
    supervisor = Supervisor(site.programs())
    try:
        wait_until_ready(supervisor, ended)
        if not ended.is_set():
            for line in tell_of(site, is_json=is_json):
                tell(line)
        while not ended.wait(0.2):
            supervisor.step()
    finally:
        supervisor.stop()
    return 0


def tell_of(site: Prepared, *, is_json: bool) -> Iterator[str]:
    """Where the site's pages are and who logs in there: a line of JSON, or text to be read."""
    told = site.plan, site.people, site.kept
    return iter([_json_line(*told)]) if is_json else _page(*told)


def wait_until_ready(supervisor: Supervisor, ended: threading.Event) -> None:
    """Start its programs, and return when all are ready, or ``ended`` is set.

    Raises:
        OperatorError: one is not ready in time.
    """
    give_up_at = time.monotonic() + READY_WITHIN_S
    while not supervisor.is_ready() and not ended.wait(0.1):
        supervisor.step()
        if time.monotonic() > give_up_at and not supervisor.has_asked_for_time(WAITS_ANOTHER_S):
            missing = ", ".join(supervisor.missing())
            raise OperatorError(
                "error.up_not_ready", missing=missing, seconds=round(READY_WITHIN_S)
            )


def _addresses(ports: Ports, kept: Secrets, host: str) -> dict[str, str]:
    return {
        "mqtt": f"mqtt://{host}:{ports.mqtt}",
        "mqtt_ws": f"ws://{host}:{ports.mqtt_ws}/mqtt",
        "kiosk": f"http://{host}:{ports.kiosk}/enter/{kept.kiosk_token}",
        "console": f"http://{host}:{ports.console}/",
        "handheld": f"http://{host}:{ports.console}/handheld",
        "secure": f"http://{host}:{ports.console}/secure",
        "mqtts": f"mqtts://{host}:{ports.mqtt + SECURE_ABOVE}",
        "mqtt_wss": f"wss://{host}:{ports.mqtt_ws + SECURE_ABOVE}/mqtt",
        "kiosk_https": f"https://{host}:{ports.kiosk + SECURE_ABOVE}/enter/{kept.kiosk_token}",
        "console_https": f"https://{host}:{ports.console + SECURE_ABOVE}/",
        "handheld_https": f"https://{host}:{ports.console + SECURE_ABOVE}/handheld",
    }


def _json_line(plan: Plan, people: SitePeople, kept: Secrets) -> str:
    body: dict[str, object] = {
        **_addresses(plan.ports, kept, "127.0.0.1"),
        "monitor": {"username": "monitor", "password": kept.account("monitor").password},
        "site": plan.site,
        "ca_file": str(plan.config / FOLDER / AUTHORITY),
    }
    if _needs_a_manager(people):
        body["first_run"] = f"http://127.0.0.1:{plan.ports.console}{first_path(kept.web_key)}"
    if plan.is_demo:
        body["kiosk_pin"] = kept.kiosk_pin
        body["people"] = [
            {
                "staff_id": person.id,
                "name": person.name,
                "roles": person.roles,
                "pin": _open_pin(person.pin),
                "log_in": _log_in(plan, kept, person.id, "127.0.0.1"),
            }
            for person in people.staff
        ]
    return json.dumps(body, ensure_ascii=False)


def _page(plan: Plan, people: SitePeople, kept: Secrets) -> Iterator[str]:
    addresses = _addresses(plan.ports, kept, plan.reached_at)
    yield Sentence("up.ready", **addresses)
    if plan.is_demo:
        yield from _story(plan, people, kept, addresses)
        yield Sentence("up.log_ins")
        for person in people.staff:
            yield f"  {person.name}  {_open_pin(person.pin)}  {'/'.join(person.roles)}"
        yield Sentence("up.kiosk_pin", pin=kept.kiosk_pin)
    if _needs_a_manager(people):
        yield Sentence("up.first_run")
        yield f"  http://{plan.reached_at}:{plan.ports.console}{first_path(kept.web_key)}"
    yield Sentence("up.scan")
    yield _qr(addresses["handheld"])
    yield Sentence("up.secure", secure=addresses["secure"])
    yield Sentence("up.stop")


def _story(
    plan: Plan, people: SitePeople, kept: Secrets, addresses: dict[str, str]
) -> Iterator[str]:
    """What to open and tap, step by step, to see a visitor received."""
    next_up = next((person for person in people.staff if person.id in people.order[:1]), None)
    boss = next((person for person in people.staff if MANAGER in person.roles), None)
    if next_up is not None and boss is not None:
        yield Sentence(
            "up.story",
            kiosk=addresses["kiosk"],
            phone=_log_in(plan, kept, next_up.id, plan.reached_at),
            name=next_up.name,
            console=addresses["console"],
            boss=boss.name,
            pin=_open_pin(boss.pin),
        )


def _open_pin(kept: str) -> str:
    """The PIN, where it is kept as it is; else a page gave it out."""
    return kept if is_kept_open(kept) else "••••••"


def _needs_a_manager(people: SitePeople) -> bool:
    """Whether nobody could enter the site's people by page yet."""
    return not any(MANAGER in person.roles and not person.has_left for person in people.staff)


def _qr(address: str) -> str:
    drawn = io.StringIO()
    segno.make(address, error="l").terminal(out=drawn, compact=True)
    return drawn.getvalue()


def _log_in(plan: Plan, kept: Secrets, staff_id: str, host: str) -> str:
    until, mark = now() + DEMO_LOG_IN_FOR, secrets.token_urlsafe(8)
    path = login_path(kept.web_key, staff_id, until, mark)
    return f"http://{host}:{plan.ports.console}{path}"
