"""The site that is examined: its settings, as far as they can be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from broker.choices.rows import SiteChoices
from broker.health.site_figures import Figures
from broker.journal.choices import chosen_in
from broker.journal.entries import FILE_NAME
from broker.local.local_socket import ask_figures
from broker.mqtt_server.accounts import Account, read_accounts
from broker.mqtt_server.run import MqttServerSettings
from broker.rules.policy import Policy
from broker.settings import HubSettings, site_policy
from broker.site_file import SitePeople
from shared.clock import Clock
from shared.config import Settings, read_config
from shared.errors import OperatorError, sentence_of
from shared.sealed_file import sqlite3
from shared.topics import Party

S = TypeVar("S", bound=msgspec.Struct)
Kinds = Mapping[str, type[Settings]]
"""The settings' types of gate and kiosk, by the name of the file: ``gate``, ``kiosk``."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What the settings' folder holds; None: could not be read, see ``troubles``."""

    folder: Path
    clock: Clock
    hub: HubSettings | None
    mqtt: MqttServerSettings | None
    people: SitePeople | None
    policy: Policy | None
    accounts: tuple[Account, ...] | None
    edges: Mapping[str, Any]
    """The settings of gate and kiosk, which may run on other machines."""
    troubles: tuple[str, ...]
    hidden: tuple[Path, ...] = ()
    """Files that we may not read: nobody knows whether they are right."""
    figures: Figures | None = None
    """What the running hub measures; None: it does not answer."""
    is_thorough: bool = False
    """Whether what takes minutes is tried in each way, and not every day in another."""

    @property
    def address(self) -> tuple[str, int]:
        """Where the hub finds the MQTT server. Needs ``hub``."""
        assert self.hub is not None
        return self.hub.mqtt.host, self.hub.mqtt.port

    @property
    def database(self) -> Path:
        """The hub's folder. Needs ``hub``."""
        assert self.hub is not None
        return Path(self.hub.data_dir)

    def account(self, party: Party) -> Account | None:
        """The first account of this party."""
        return next((account for account in self.accounts or () if account.party is party), None)


def admit(folder: Path, edge_kinds: Kinds, clock: Clock, *, is_thorough: bool = False) -> Patient:
    """Read the site whose settings lie in ``folder``."""
    troubles: list[str] = []
    hidden: list[Path] = []

    def read(kind: type[S], path: Path) -> S | None:
        try:
            return read_config(kind, path)
        except PermissionError:
            hidden.append(path)
            return None
        except (OperatorError, OSError) as error:
            troubles.append(sentence_of(error))
            return None

    hub = read(HubSettings, folder / "hub.toml")
    chosen = _chosen(hub, clock) if hub else None
    return Patient(
        folder=folder,
        clock=clock,
        hub=hub,
        mqtt=read(MqttServerSettings, folder / "mqtt.toml"),
        people=chosen.people if chosen else _people(hub, read) if hub else None,
        policy=chosen.policy if chosen else _policy(hub, troubles) if hub else None,
        accounts=_accounts(Path(hub.accounts_file), troubles) if hub else None,
        edges={
            name: found
            for name, kind in edge_kinds.items()
            if (folder / f"{name}.toml").exists()
            and (found := read(kind, folder / f"{name}.toml")) is not None
        },
        troubles=tuple(troubles),
        hidden=tuple(hidden),
        figures=_figures(hub) if hub else None,
        is_thorough=is_thorough,
    )


def _figures(hub: HubSettings) -> Figures | None:
    try:
        return ask_figures(Path(hub.data_dir))
    except (OperatorError, OSError):
        return None


def _chosen(hub: HubSettings, clock: Clock) -> SiteChoices | None:
    """What the hub's file has; None: it never ran, or its file is damaged."""
    try:
        found = chosen_in(Path(hub.data_dir) / FILE_NAME, clock)
    except (sqlite3.DatabaseError, msgspec.DecodeError, OSError):
        return None  # the check `database` says what is wrong with the file
    if found is None:
        return None
    return SiteChoices(found.people, replace(found.policy, timezone=hub.time_zone))


def _people(hub: HubSettings, read: Callable[..., Any]) -> SitePeople | None:
    """Who works at a new site; nobody, if there is no file yet."""
    path = Path(hub.site_file)
    if not path.exists():
        return SitePeople(staff=(), order=())
    found: SitePeople | None = read(SitePeople, path)
    return found


def _policy(hub: HubSettings, troubles: list[str]) -> Policy | None:
    try:
        return site_policy(hub)
    except (OperatorError, OSError) as error:
        troubles.append(sentence_of(error))
        return None


def _accounts(path: Path, troubles: list[str]) -> tuple[Account, ...] | None:
    try:
        return read_accounts(path)
    except (OperatorError, OSError) as error:
        troubles.append(sentence_of(error))
        return None
