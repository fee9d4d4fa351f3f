"""One MQTT account of every kind, and both servers with all of them, for trials of who may what."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broker.mqtt_server.accounts import new_account
from shared.topics import Party
from tests.all_hearing_server import WATCHER
from tests.certified import certified
from tests.servers import Server, mqtt_server

ROLES = (
    *("gate", "parking", "door", "consultant", "steward", "bar", "showflat", "cart"),
    *("manager", "maintenance", "desk", "security", "cleaning", "engineering"),
)
OTHERS = [
    new_account(Party.STAFF, "second", ("consultant",)),
    new_account(Party.STAFF, "chen", ("manager", "steward")),
    new_account(Party.STAFF, "nothing", ()),
    new_account(Party.GATE, "north"),
    new_account(Party.GATE, "south"),
    new_account(Party.KIOSK, "lobby"),
    new_account(Party.KIOSK, "door"),
    new_account(Party.HUB, "hub"),
    new_account(Party.MONITOR, "monitor"),
    new_account(Party.HOME_ASSISTANT, "home_assistant"),
    new_account(Party.DEVICE, "lights"),
    new_account(Party.DEVICE, "music"),
]
ACCOUNTS = [
    account.with_own_id()
    for account in (*(new_account(Party.STAFF, f"a-{role}", (role,)) for role in ROLES), *OTHERS)
]
LISTENER = new_account(Party.MONITOR, WATCHER)


@contextmanager
def hearing_all(folder: Path, engine: str) -> Iterator[Server]:
    """An MQTT server with all ``ACCOUNTS``, in every way, and one that hears everything."""
    accounts, certificates = [*ACCOUNTS, LISTENER], certified(folder / "site").folder
    with mqtt_server(
        folder, engine, accounts, module="tests.all_hearing_server", certificates=certificates
    ) as server:
        yield server
