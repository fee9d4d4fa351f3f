"""Keeps the accounts file, which the MQTT server watches: who is logged in, and nobody who left.

Devices that a manager added are in it as long as their row stands.
"""

import logging
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.mqtt_server.accounts import (
    Account,
    AccountsWatch,
    new_account,
    read_accounts,
    write_accounts,
)
from broker.rules.duty_table import scenes_of
from broker.site_file import DeviceKind
from shared.errors import OperatorError
from shared.topics import Party

log = logging.getLogger(__name__)


class PageAccounts:
    """Brings the accounts of pages in and out of the file. Belongs to the hub's thread."""

    def __init__(self, path: Path, hub: Hub) -> None:
        self._path, self._hub = path, hub
        self._watch = AccountsWatch(path)
        self._seen: tuple[frozenset[str], int, int] | None = None
        self._is_refused = False

    def step(self) -> None:
        """Write the file, if log-ins began or ended, somebody came or left, or it was written."""
        log_ins = self._hub.log_ins
        log_ins.end_what_is_over()
        for staff_id in log_ins.people() - {person.id for person in self._hub.staff_here()}:
            log_ins.end_all_of(staff_id)
        seen = (self._hub.decider.state.departed, log_ins.changes, len(self._hub.choices.kept))
        is_written_anew = self._watch.changed() is not None
        if seen == self._seen and not is_written_anew and not self._is_refused:
            return
        try:
            self._write()
        except (OSError, OperatorError) as error:
            # The hub itself refuses who left, and the doctor tells of the account.
            if not self._is_refused:
                log.warning("the accounts at the MQTT server stay as they are: %s", error)
            self._is_refused = True
        else:
            self._seen, self._is_refused = seen, False

    def _write(self) -> None:
        accounts = read_accounts(self._path)
        standing = [
            account
            for account in accounts
            if account.session is None
            and not (account.party is Party.STAFF and self._hub.has_left(account.node_id))
        ]
        standing = self._with_devices(standing)
        scenes = self._scenes(standing)
        wanted = (*self._as_by_page(standing), *scenes, *self._hub.log_ins.accounts())
        if wanted != accounts:
            write_accounts(self._path, wanted)

    def _with_devices(self, standing: list[Account]) -> list[Account]:
        """The accounts with those of programs that a manager added, and without retired ones."""
        keys = {
            (Party(device.kind), device.id): device.key
            for device in self._hub.people.devices
            if device.kind is not DeviceKind.TABLET
        }
        kept = [
            account
            for account in standing
            if account.joined_by in (None, keys.get((account.party, account.node_id)))
        ]
        known = {(account.party, account.node_id) for account in kept}
        new = (
            replace(new_account(*node).with_own_id(), joined_by=key)
            for node, key in keys.items()
            if node not in known
        )
        return [*kept, *new]

    def _scenes(self, standing: list[Account]) -> list[Account]:
        """Accounts for devices of the table of duties that have none."""
        known = {account.node_id for account in standing if account.party is Party.DEVICE}
        scenes = scenes_of(self._hub.choices.policy.duties)
        return [new_account(Party.DEVICE, scene) for scene in scenes if scene not in known]

    def _as_by_page(self, standing: list[Account]) -> list[Account]:
        """The accounts with those of people whom a page added, and with the posts it gave."""
        touched = self._hub.choices.touched
        if not touched:
            return standing
        own = {account.node_id: account for account in standing if account.party is Party.STAFF}
        others = [account for account in standing if account.party is not Party.STAFF]
        for person in self._hub.staff_here():
            if person.id in touched and person.id not in own:
                fresh = new_account(Party.STAFF, person.id, person.roles)
                own[person.id] = fresh.with_own_id()
            elif person.id in touched:
                own[person.id] = replace(own[person.id], roles=person.roles)
        return sorted([*own.values(), *others], key=partial(_place, standing))


def _place(standing: list[Account], account: Account) -> int:
    """Where the account stands in the file; new ones come last."""
    names = [each.username for each in standing]
    return names.index(account.username) if account.username in names else len(names)
