"""Checks of the settings, the accounts and the hub's file."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import msgspec

from broker.doctor.finding import Finding, hint, wrong
from broker.doctor.patient import Patient
from broker.journal.entries import FILE_NAME, open_read_only
from broker.journal.past import latest_state
from broker.journal.verify import problems
from broker.leaving.who_left import has_left
from broker.mqtt_server.accounts import Account
from broker.private_file import settings_in
from broker.rules.state import SiteState
from broker.store.inbox import DUE, WRITTEN
from broker.store.moments import utc_text
from broker.store.rebuilt import differences
from shared.config import MqttSettings
from shared.database import Database
from shared.disk import SHORT_MB, free_mb, is_short
from shared.file_check import checked_at
from shared.private_files import all_in, too_wide
from shared.sealed_file import in_plain, sqlite3
from shared.topics import Party

EXAMPLE_SECRET = "change-me"
PROBLEMS_SHOWN = 3
CHECK_OVERDUE = timedelta(days=4)
"""The hub checks its file every night, or on every second day."""
FULL_BELOW_MB = 100
"""A busy day writes some ten megabytes, besides pictures of unread plates and updates."""


def settings(patient: Patient) -> Iterator[Finding]:
    """Every settings file can be read and is valid."""
    for trouble in patient.troubles:
        yield wrong("unreadable", problem=trouble)
    if patient.hub and patient.hub.secret_key == EXAMPLE_SECRET:
        yield wrong("example_secret", file="hub.toml")
    kiosk = patient.edges.get("kiosk")
    if patient.hub and kiosk is not None and kiosk.secret_key == patient.hub.secret_key:
        yield wrong("shared_key")


def agreement(patient: Patient) -> Iterator[Finding]:
    """The site's files agree about its name, the ports and the passwords."""
    hub, mqtt = patient.hub, patient.mqtt
    assert hub
    assert patient.accounts is not None
    programs = {"hub": hub, **patient.edges}
    for name, program in [*programs.items(), *([("mqtt", mqtt)] if mqtt else [])]:
        if program.site != hub.site:
            yield wrong("other_site", file=f"{name}.toml", site=program.site, hub_site=hub.site)
    if mqtt and mqtt.ws_port != hub.mqtt_ws_port:
        yield wrong("other_ws_port", hub_port=hub.mqtt_ws_port, port=mqtt.ws_port)
    if mqtt and hub.tls == "on" and mqtt.tls_ws_port != hub.mqtt_wss_port:
        yield wrong("other_wss_port", hub_port=hub.mqtt_wss_port, port=mqtt.tls_ws_port)
    for name, program in programs.items():
        port = mqtt and (mqtt.tls_port if program.mqtt.tls else mqtt.port)
        if port and program.mqtt.host == "127.0.0.1" and program.mqtt.port != port:
            yield wrong("other_port", file=f"{name}.toml", port=program.mqtt.port, mqtt_port=port)
        yield from _log_in(f"{name}.toml", program.mqtt, patient.accounts)


def _log_in(file: str, mqtt: MqttSettings, accounts: Iterable[Account]) -> Iterator[Finding]:
    """What a program's settings say of its account is what the MQTT server knows of it."""
    account = next((each for each in accounts if each.username == mqtt.username), None)
    if account is None or account.password != mqtt.password:
        yield wrong("other_password", file=file, username=mqtt.username)
    elif account.client_id not in (None, mqtt.client_id or account.username):
        yield wrong("other_client_id", file=file, username=mqtt.username)


def people(patient: Patient) -> Iterator[Finding]:
    """Everybody in ``site.toml`` has an account, with the same roles."""
    assert patient.people
    assert patient.accounts is not None
    roles = {
        account.node_id: account.roles
        for account in patient.accounts
        if account.party is Party.STAFF and account.session is None
    }
    state = _state(patient)
    for person in patient.people.staff:
        if has_left(patient.people, state, person.id):
            if person.id in roles:
                yield wrong("leaver_account", name=person.name)
        elif person.id not in roles:
            yield wrong("no_account", name=person.name)
        elif set(roles[person.id]) != set(person.roles):
            yield wrong("other_roles", name=person.name)
    yield from _not_in_file(patient, roles.keys(), state.departed)


def _not_in_file(
    patient: Patient, accounts: AbstractSet[str], departed: AbstractSet[str]
) -> Iterator[Finding]:
    """People whose block is gone, though they have an account, customers or a place in line."""
    assert patient.people
    in_file = {person.id for person in patient.people.staff}
    for staff_id in sorted(accounts - in_file):
        yield wrong("left_account", name=staff_id)
    owners = _owners(patient) - in_file - departed
    for staff_id in sorted({*owners, *patient.people.strangers}):
        yield wrong("missing_staff", staff_id=staff_id)


def _owners(patient: Patient) -> set[str]:
    """Who owns customers, as the hub's file says."""
    path = patient.database / FILE_NAME if patient.hub else None
    if path is None or not path.is_file():
        return set()
    with closing(open_read_only(path)) as db:
        try:
            owned = db.execute("select distinct consultant_id from registrations")
            return {str(staff_id) for (staff_id,) in owned}
        except sqlite3.DatabaseError:
            return set()  # the check `database` says what is wrong with the file


def _state(patient: Patient) -> SiteState:
    """What the journal says of the site; nothing, if the hub never ran or its file is damaged."""
    path = patient.database / FILE_NAME if patient.hub else None
    if path is None or not path.is_file():
        return SiteState()
    with closing(open_read_only(path)) as db:
        try:
            return latest_state(Database(db))
        except (sqlite3.DatabaseError, msgspec.DecodeError):
            return SiteState()  # the check `database` says what is wrong with the file


def privacy(patient: Patient) -> Iterator[Finding]:
    """Others on this machine cannot read passwords and customers; a copied file tells nothing."""
    folders = [Path(edge.data_dir) for edge in patient.edges.values()]
    if patient.hub is not None:
        folders.append(patient.database)
    paths = chain(settings_in(patient.folder), *map(all_in, folders))
    wide = sorted(set(too_wide(paths)))
    for path in wide[:PROBLEMS_SHOWN]:
        yield wrong("open_to_others", file=str(path), owner=_owner(path))
    if len(wide) > PROBLEMS_SHOWN:
        yield wrong("more_open_to_others", count=len(wide) - PROBLEMS_SHOWN)
    for path in sorted({path for folder in folders for path in in_plain(folder)}):
        yield wrong("in_plain", file=str(path))


def _owner(path: Path) -> str:
    """Whose file it is: only they, or root, can narrow it."""
    with suppress(OSError, KeyError):
        return path.owner()
    return "?"


def database(patient: Patient) -> Iterator[Finding]:
    """The hub's file is intact, and nobody changed its journal."""
    path = patient.database / FILE_NAME
    if not path.is_file():
        yield hint("never_ran", file=str(path))
        return
    for problem in islice(problems(path), PROBLEMS_SHOWN):
        yield wrong("damaged", seq=problem.seq, problem=problem.what, file=str(path))
    for difference in islice(differences(path), PROBLEMS_SHOWN):
        yield wrong("register", problem=difference, file=str(path))


def mended(patient: Patient) -> Iterator[Finding]:
    """No file of a program was damaged, empty or gone at a start."""
    path = patient.database / FILE_NAME
    edges = (Path(edge.data_dir) for edge in patient.edges.values())
    folders = {patient.database, patient.folder, *edges}
    for folder in sorted(folders):
        for aside in sorted(folder.glob("*.damaged-*[0-9]")):
            yield wrong("file_set_aside", file=str(aside))
        if earlier := sorted({*folder.glob("before-*"), *folder.glob(f"{FILE_NAME}.before-*")}):
            names, mb = ", ".join(map(str, earlier)), round(sum(map(_size, earlier)) / 1e6)
            yield hint("kept_before", count=len(earlier), mb=mb, names=names)
    if not path.is_file():
        return
    last = checked_at(path)
    if last is not None and patient.clock() - last > CHECK_OVERDUE:
        yield hint("not_checked", since=f"{last.astimezone():%m-%d %H:%M}")
    since = (patient.clock() - timedelta(days=7)).isoformat()
    with closing(open_read_only(path)) as db:
        try:
            rows = db.execute(
                "select at, body ->> 'trouble', body ->> 'saved', "
                "ifnull(body ->> 'lost', '?') from journal "
                "where kind = 'mended' and at >= ?",
                [since],
            ).fetchall()
        except sqlite3.DatabaseError:
            return  # the check `database` says what is wrong with the file
    for at, trouble, saved, lost in rows:
        values = {"file": str(path), "trouble": trouble, "saved": saved, "lost": lost}
        yield hint("file_was_mended", at=at[:16], **values)


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else (path,)
    return sum(each.stat().st_size for each in files)


def set_aside(patient: Patient) -> Iterator[Finding]:
    """The hub could use every message of the last day."""
    path = patient.database / FILE_NAME
    if not path.is_file():
        return
    since = utc_text(patient.clock() - timedelta(days=1))
    with closing(open_read_only(path)) as db:
        try:
            rows = db.execute(
                "select topic = ? or topic like ?, count(*), max(topic) from rejected "
                "where received_at >= ? group by 1",
                [DUE, f"{WRITTEN}%", since],
            ).fetchall()
        except sqlite3.DatabaseError:
            return  # the check `database` says what is wrong with the file
    for is_own, count, topic in rows:
        if is_own:
            yield wrong("own_rejected", count=count, topic=topic)
        else:
            yield hint("rejected", count=count, topic=topic)


def floods(patient: Patient) -> Iterator[Finding]:
    """Nobody sent the hub more than it takes within the last day."""
    path = patient.database / FILE_NAME
    if not path.is_file():
        return
    since = utc_text(patient.clock() - timedelta(days=1))
    with closing(open_read_only(path)) as db:
        try:
            asked = "select name, flooded_at from senders where flooded_at >= ? order by name"
            rows = db.execute(asked, [since]).fetchall()
        except sqlite3.DatabaseError:
            return  # an older file, or one of which the check `database` says what is wrong
    for name, at in rows:
        moment = datetime.fromisoformat(at).astimezone()
        yield wrong("flood", name=name, at=f"{moment:%m-%d %H:%M}")


def disk(patient: Patient) -> Iterator[Finding]:
    """The disk that the hub writes to has room."""
    folder = patient.database
    free = free_mb(folder)
    if free < FULL_BELOW_MB:
        yield wrong("disk_full", folder=str(folder), free_mb=free, needed_mb=SHORT_MB - free)
    elif is_short(folder):
        yield hint("disk_short", folder=str(folder), free_mb=free)
