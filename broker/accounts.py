"""Who may talk to the MQTT server: one account a program and a person, by the topic table."""

import secrets
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

import msgspec

from broker.private_file import write_private
from shared.errors import OperatorError
from shared.topics import ROOT, ROUTES, Party, Route, placeholders


class Access(Enum):
    """What an account wants to do with a topic."""

    READ = "read"
    WRITE = "write"


class Account(msgspec.Struct, frozen=True):
    """One log-in at the MQTT server."""

    username: str
    password: str
    party: Party
    node_id: str
    roles: tuple[str, ...] = ()


def new_account(party: Party, node_id: str, roles: tuple[str, ...] = ()) -> Account:
    """An account with a fresh random password; ``gate-north``, ``staff-li``, ``hub``."""
    username = node_id if party in (Party.HUB, Party.MONITOR) else f"{party}-{node_id}"
    return Account(username, secrets.token_urlsafe(18), party, node_id, roles)


def read_accounts(path: Path) -> tuple[Account, ...]:
    """The accounts of a site.

    Raises:
        OperatorError: there is no such file, or it is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Account, ...])
    except FileNotFoundError:
        raise OperatorError(f"{path}: there is no such file. Run `yingbin setup` first.") from None
    except msgspec.DecodeError as error:
        raise OperatorError(
            f"{path}: damaged ({error}). Delete it and run `yingbin setup` again."
        ) from error


def write_accounts(path: Path, accounts: Iterable[Account]) -> None:
    """Keep ``accounts`` where only this user can read them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    write_private(fresh, msgspec.json.format(msgspec.json.encode(tuple(accounts))).decode())
    fresh.replace(path)


def filters(account: Account, access: Access, *, site: str) -> list[str]:
    """The topic filters that ``account`` may read or write at ``site``; nothing else is allowed."""
    root = f"{ROOT}/{site}"
    if account.party is Party.MONITOR:
        return [f"{root}/#"] if access is Access.READ else []
    found: dict[str, None] = {}
    for route in ROUTES:
        if account.party in (route.readers if access is Access.READ else route.writers):
            found.update(dict.fromkeys(f"{root}/{filled}" for filled in _filled(route, account)))
    return list(found)


def _filled(route: Route, account: Account) -> list[str]:
    """``route``'s pattern with the account's own names; ``+`` where it may name anyone."""
    if account.party is Party.HUB:
        return [route.pattern.format(**dict.fromkeys(placeholders(route.pattern), "+"))]
    if account.party is Party.STAFF and route.staff_role not in (None, *account.roles):
        return []
    own = {"node_id": account.node_id, f"{account.party}_id": account.node_id}
    names = {name: own.get(name, "+") for name in placeholders(route.pattern)}
    if "role" in names:
        return [route.pattern.format(**names | {"role": role}) for role in account.roles]
    return [route.pattern.format(**names)]


def covers(allowed: str, wanted: str) -> bool:
    """Whether the filter ``allowed`` holds every topic of the topic or filter ``wanted``."""
    have, want = allowed.split("/"), wanted.split("/")
    for place, level in enumerate(have):
        if level == "#":
            return True
        if place >= len(want) or want[place] == "#" or (level not in ("+", want[place])):
            return False
    return len(have) == len(want)
