"""A site that was set up, with its hub open, and the front door's commands for it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yingbin
from broker.backup.site_folders import SiteFolders
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.journal.entries import open_read_only
from broker.launch.setup import Plan, Ports, set_up
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from shared.config import read_config
from shared.in_use import holding
from tests.a_site import give_people
from tests.fakes import NINE, SITE, FakeClock
from tests.samples import arrival

PHONE = "13800008000"


@dataclass(frozen=True, slots=True)
class Office:
    """Where it lies."""

    place: SiteFolders
    backups: Path

    @property
    def toml(self) -> Path:
        return self.place.config / "hub.toml"

    @property
    def file(self) -> Path:
        return self.place.hub / "hub.sqlite3"

    @contextmanager
    def at_work(self) -> Iterator[Hub]:
        """Its hub, as long as it runs."""
        people = read_config(SitePeople, self.place.config / "site.toml")
        with holding(self.place.hub, "hub"):
            hub = open_hub(self.place.hub, people, Policy(), FakeClock(NINE))
            yield hub
            hub.inbox.db.conn.close()

    def run(self, command: str, *words: str) -> int:
        return yingbin.main(["--lang", "en", command, "--config", str(self.toml), *words])

    def backup(self) -> Path:
        """A fresh backup; those of before are put away, so that a test makes two in a second."""
        for old in self.backups.glob("*.yingbin-backup"):
            old.rename(old.with_suffix(".old"))
        assert self.run("backup", "--to", str(self.backups)) == 0
        (made,) = self.backups.glob("*.yingbin-backup")
        return made

    def rows(self, sql: str, file: Path | None = None) -> list[Any]:
        with closing(open_read_only(file or self.file)) as db:
            return db.execute(sql).fetchall()


def set_up_office(folder: Path) -> Office:
    plan = Plan(
        site=SITE,
        site_name="西湖壹号",
        config=folder / "config",
        state=folder / "state",
        ports=Ports(21830),
        host="127.0.0.1",
        camera=None,
    )
    give_people(plan.config)
    set_up(plan, None)
    (folder / "disk").mkdir()
    return Office(SiteFolders(plan.config, plan.state / "hub"), folder / "disk")


def cars(hub: Hub, numbers: range) -> None:
    """So many cars pass the gate, and the journal's end is noted."""
    come_in(hub, numbers)
    hub.journal.seal()


def come_in(hub: Hub, numbers: range) -> None:
    """So many cars pass the gate."""
    for number in numbers:
        seen_at = NINE + timedelta(minutes=number)
        assert isinstance(hub.clock, FakeClock)
        hub.clock.moment = seen_at
        handle(hub, arrival(f"浙A{number:05d}", number, seen_at=seen_at))
