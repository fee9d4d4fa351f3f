"""Takes the accounts of people who left out of the accounts file, which the MQTT server watches."""

import logging
from pathlib import Path

from broker.handlers.context import Hub
from broker.mqtt_server.accounts import AccountsWatch, read_accounts, write_accounts
from shared.errors import OperatorError
from shared.topics import Party

log = logging.getLogger(__name__)


class ClosedAccounts:
    """Keeps the accounts file free of people who left. Belongs to the hub's thread."""

    def __init__(self, path: Path, hub: Hub) -> None:
        self._path, self._hub = path, hub
        self._watch = AccountsWatch(path)
        self._seen: frozenset[str] | None = None

    def step(self) -> None:
        """Take out the accounts of who left, when somebody leaves or the file is written anew."""
        departed = self._hub.decider.state.departed
        is_written_anew = self._watch.changed() is not None
        if departed == self._seen and not is_written_anew:
            return
        self._seen = departed
        try:
            self._take_out()
        except (OSError, OperatorError) as error:
            # The hub itself refuses them already, and the doctor tells of the account.
            log.warning("people who left keep their account at the MQTT server: %s", error)

    def _take_out(self) -> None:
        accounts = read_accounts(self._path)
        kept = [
            account
            for account in accounts
            if account.party is not Party.STAFF or not self._hub.has_left(account.node_id)
        ]
        if len(kept) < len(accounts):
            write_accounts(self._path, kept)
            log.info("%d accounts of people who left are closed", len(accounts) - len(kept))
