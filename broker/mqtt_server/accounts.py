"""The MQTT server's accounts, one per program and person, and what the topic table allows them."""

import hashlib
import logging
import os
import secrets
import stat
from collections.abc import Iterable
from enum import Enum
from itertools import zip_longest
from pathlib import Path

import msgspec

from broker.private_file import write_private
from shared.disk import disk_trouble
from shared.errors import OperatorError
from shared.messages import NodeId
from shared.replacing import replace_file
from shared.topics import ROOT, ROUTES, Party, Route, placeholders

log = logging.getLogger(__name__)

_IN_MEMORY = Path("/dev/shm")


class Access(Enum):
    """What an account wants to do on a topic."""

    READ = "read"
    WRITE = "write"


_OF_THE_WHOLE_SITE = (Party.HUB, Party.MONITOR, Party.HOME_ASSISTANT)
"""One account each for the whole site, which hears everybody's messages."""
_GUESTS = (Party.MONITOR, Party.HOME_ASSISTANT, Party.DEVICE)
"""Other people's programs, which choose their client ids; several may use one account."""


class Account(msgspec.Struct, frozen=True):
    """A log-in at the MQTT server."""

    username: str
    password: str
    party: Party
    node_id: NodeId
    roles: tuple[NodeId, ...] = ()
    session: str | None = None
    """The log-in of a person's page, with which the account ends; None: it stays."""
    own_id: str | None = msgspec.field(default=None, name="client_id")
    """A client id that nobody can guess, which programs of ours have; None: the user name."""
    joined_by: str | None = None
    """The key of the link by which a device joined, with which the account ends; None: it stays."""

    @property
    def client_id(self) -> str | None:
        """The only client id with which it may connect; None: any that is nobody else's.

        The server throws off whoever is connected under the same id, so an id is as good as a key.
        """
        return None if self.is_guest else self.own_id or self.username

    @property
    def is_guest(self) -> bool:
        """Whether it is other people's programs', which name their client ids and filters."""
        return self.party in _GUESTS

    @property
    def can_be_guessed(self) -> bool:
        """Whether a guest could come with its client id, which mosquitto lets happen once."""
        return self.client_id == self.username and self.session is None

    def with_own_id(self) -> "Account":
        """It with a fresh client id that nobody can guess, if it is a program's of ours.

        Other people's devices, which are accounts of persons, keep one that is easily typed.
        """
        if self.party in (*_GUESTS, Party.STAFF):
            return self
        own_id = f"{self.username}-{secrets.token_hex(8)}"
        return msgspec.structs.replace(self, own_id=own_id)


def new_account(party: Party, node_id: str, roles: tuple[str, ...] = ()) -> Account:
    """An account with a fresh random password, named like ``gate-north``, ``staff-li``, ``hub``."""
    username = node_id if party in _OF_THE_WHOLE_SITE else f"{party}-{node_id}"
    return Account(username, secrets.token_urlsafe(18), party, node_id, roles)


def page_account(staff_id: str, roles: tuple[str, ...], session: str) -> Account:
    """An account for one page of a person who is logged in."""
    username = f"{Party.STAFF}-{staff_id}-{secrets.token_hex(8)}"
    return Account(
        username, secrets.token_urlsafe(18), Party.STAFF, staff_id, roles, session=session
    )


def read_accounts(path: Path) -> tuple[Account, ...]:
    """The accounts in the file ``path``.

    Raises:
        OperatorError: there is no such file, or it is damaged.
    """
    try:
        return msgspec.json.decode(_valid(path).read_bytes(), type=tuple[Account, ...])
    except FileNotFoundError:
        raise OperatorError("error.accounts_file", path=path) from None
    except msgspec.DecodeError as error:
        raise OperatorError("error.accounts_damaged", path=path, problem=error) from error


def write_accounts(path: Path, accounts: Iterable[Account]) -> None:
    """Write ``accounts`` to a file that only its owner can read, who stays the same.

    Where the disk is full or takes nothing they stand in memory, until it does: whoever logs in on
    such a morning hears their alerts.
    """
    text, held = msgspec.json.format(msgspec.json.encode(tuple(accounts))), _held(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        if disk_trouble(error, path.parent) is None or not path.exists():
            raise
        log.warning("%s: held in memory (%s)", path, error)
        _hold(held, text, path.stat())
    else:
        if _is_ours(held, path):
            held.unlink(missing_ok=True)


def _held(path: Path) -> Path:
    """Where the accounts of the file ``path`` stand while its disk takes nothing."""
    name = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:24]
    return _IN_MEMORY / f"yingbin-{name}.json"


def _hold(held: Path, text: bytes, owner: os.stat_result) -> None:
    """Write ``held`` by way of a name that nobody can have taken before."""
    fresh = held.with_name(f"{held.name}.{secrets.token_hex(8)}")
    write_private(fresh, text.decode())
    os.chown(fresh, owner.st_uid, owner.st_gid)
    fresh.replace(held)


def _is_ours(held: Path, path: Path) -> bool:
    """Whether there is such a file, and no stranger's: anybody may write to that folder."""
    try:
        found, kept = held.lstat(), path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_uid in (0, os.geteuid(), kept.st_uid)


def _valid(path: Path) -> Path:
    """The file where the accounts of ``path`` stand now."""
    held = _held(path)
    if _is_ours(held, path) and held.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return held
    return path


class AccountsWatch:
    """Sees when the accounts file is written anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()

    def changed(self) -> tuple[Account, ...] | None:
        """The accounts, if the file changed since the last call; None: it did not, or is broken."""
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        self._seen = stamp
        try:
            return read_accounts(self._path)
        except OperatorError as error:
            log.warning("%s", error)
            return None

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = _valid(self._path).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


class KnownAccounts:
    """The accounts as the file has them; what is broken there changes nothing."""

    def __init__(self, path: Path) -> None:
        """Raises: OperatorError: there is no such file, or it is damaged."""
        self._watch, self._accounts = AccountsWatch(path), read_accounts(path)

    def __call__(self) -> tuple[Account, ...]:
        """The accounts now."""
        if (written := self._watch.changed()) is not None:
            self._accounts = written
        return self._accounts


def filters(account: Account, access: Access, *, site: str) -> list[str]:
    """The topic filters that ``account`` may read or write at ``site``; all else is forbidden."""
    if account.party is Party.MONITOR:
        return [f"{ROOT}/{site}/#"] if access is Access.READ else []
    found: dict[str, None] = {}
    for route in ROUTES:
        if account.party in (route.readers if access is Access.READ else route.writers):
            found.update(dict.fromkeys(_filled(route, account, site)))
    return list(found)


def _filled(route: Route, account: Account, site: str) -> list[str]:
    """``route``'s topics with the account's own ids; ``+`` where any id is allowed."""
    pattern = route.at(site)
    if account.party in _OF_THE_WHOLE_SITE:
        return [pattern.format(**dict.fromkeys(placeholders(pattern), "+"))]
    if account.party is Party.STAFF and route.staff_role not in (None, *account.roles):
        return []
    own = {"node_id": account.node_id, f"{account.party}_id": account.node_id}
    if account.party is Party.DEVICE:
        own["name"] = account.node_id  # a scene's
    names = {name: own.get(name, "+") for name in placeholders(pattern)}
    if "role" in names:
        return [pattern.format(**names | {"role": role}) for role in account.roles]
    return [pattern.format(**names)]


def covers(allowed: str, wanted: str) -> bool:
    """Whether the filter ``allowed`` covers all that the topic or filter ``wanted`` does."""
    have, want = allowed.split("/"), wanted.split("/")
    for place, level in enumerate(have):
        if level == "#":
            return True
        if place >= len(want) or want[place] == "#" or (level not in ("+", want[place])):
            return False
    return len(have) == len(want)


def overlaps(one: str, other: str) -> bool:
    """Whether there is a topic that both filters let pass."""
    ones, others = one.split("/"), other.split("/")
    for mine, theirs in zip_longest(ones, others):
        if "#" in (mine, theirs):
            return True
        if None in (mine, theirs) or (mine != theirs and "+" not in (mine, theirs)):
            return False
    return True
