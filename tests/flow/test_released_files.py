"""Files that each release wrote on a small day are opened by this one, and nothing in them is lost.

``tests/released/``: the demo of that release, with arrivals that still wait in the gate's outbox;
sealed, as a new site of 0.5 keeps them, with the keys of that demo.
"""

import gzip
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.launch.demo import site_toml
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from broker.store.rebuilt import differences
from broker.store.schema import migrations as hub_migrations
from gate import own_file
from kiosk import own_files
from kiosk import store as kiosk_store
from shared.errors import OperatorError
from shared.mending import Shape, open_whole
from shared.messages import Arrival
from shared.migrations import Migrations, needed_in
from shared.outbox import Outbox, open_database
from shared.sealed_file import connect, sqlite3
from tests.fakes import FakeClock
from tests.site import running_site
from tests.waiting import eventually

RELEASES = sorted((Path(__file__).parents[1] / "released").iterdir())
LATER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
EDGES: dict[str, tuple[Shape, Migrations]] = {
    "gate/gate.sqlite3": (own_file.FILE_SHAPE, own_file.migrations),
    "kiosk/outbox.db": (own_files.OUTBOX_SHAPE, own_files.outbox_migrations),
    "kiosk/kiosk.db": (own_files.STORE_SHAPE, kiosk_store.migrations),
}
HUB = "hub/hub.sqlite3"

each_release = pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
each_edge = pytest.mark.parametrize("name", EDGES)


def laid_out(release: Path, folder: Path) -> Path:
    """The files of a release, unpacked as they lay on its site."""
    for path in (path for path in release.rglob("*") if path.is_file()):
        target = folder / path.relative_to(release)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".gz":
            target.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        else:
            shutil.copy(path, target)
            target.chmod(0o600)
    return folder


def schema_of(path: Path) -> list[tuple[str, ...]]:
    """Every table and index, letter by letter."""
    with closing(connect(path)) as db:
        return sorted(db.execute("select type, name, tbl_name, ifnull(sql, '') from sqlite_master"))


def steps_of(path: Path) -> set[tuple[str, str]]:
    with closing(connect(path)) as db:
        return set(db.execute("select migration_set, name from _sqlite_migrations"))


def open_demo_hub(folder: Path) -> None:
    people = msgspec.toml.decode(site_toml(LATER), type=SitePeople)
    hub = open_hub(folder, people, Policy(), FakeClock(LATER))
    hub.inbox.db.conn.close()


def test_there_is_a_file_of_every_release_that_took_a_step() -> None:
    told = {(step.fn.__doc__ or "")[:11] for step in hub_migrations.pending(Database(memory=True))}
    assert {f"Release {path.name[:3].replace('_', '.')}" for path in RELEASES} == told


@each_release
def test_the_hub_s_file_is_proved_and_has_the_tables_of_a_new_one(
    release: Path, tmp_path: Path
) -> None:
    path = laid_out(release, tmp_path) / HUB
    before = arrivals_in(path)
    assert needed_in(path) <= hub_migrations.needed
    open_demo_hub(path.parent)
    open_demo_hub(tmp_path / "new")
    told: list[str] = []
    assert (verify(path, told.append), replay(path, told.append)) == (0, 0), told
    assert list(differences(path)) == []
    assert arrivals_in(path) == before
    assert schema_of(path) == schema_of(tmp_path / "new" / "hub.sqlite3")
    assert steps_of(path) == {("hub", name) for name in hub_migrations.names}
    assert needed_in(path) == hub_migrations.needed


def arrivals_in(path: Path) -> int:
    with closing(connect(path)) as db:
        return int(db.execute("select count(*) from arrivals").fetchone()[0])


@each_release
@each_edge
def test_a_gate_s_or_tablet_s_file_has_the_tables_of_a_new_one(
    release: Path, name: str, tmp_path: Path
) -> None:
    shape, migrations = EDGES[name]
    path, new = laid_out(release, tmp_path) / name, tmp_path / "new.sqlite3"
    for file in (path, new):
        db, mended = open_whole(file, shape, LATER)
        assert mended is None
        db.conn.close()
    assert schema_of(path) == schema_of(new)
    assert steps_of(path) == {(migrations.name, step) for step in migrations.names}


@each_release
def test_what_waited_at_the_gate_still_waits_and_no_number_comes_twice(
    release: Path, tmp_path: Path
) -> None:
    db = open_database(laid_out(release, tmp_path) / "gate/gate.sqlite3")
    waiting = [each.message for each in Outbox(db).waiting(10)]
    assert len(waiting) == 3
    numbers = [message.seq for message in waiting if isinstance(message, Arrival)]
    assert own_file.Sequence(db).next() > max(numbers)
    db.conn.close()


@pytest.mark.slow
@pytest.mark.server
@each_release
def test_a_site_goes_on_with_the_files_of_an_older_release(release: Path, tmp_path: Path) -> None:
    laid_out(release, tmp_path)
    with closing(open_database(tmp_path / "gate/gate.sqlite3").conn) as db:
        waited = [row[0] for row in db.execute("select id from outbox")]
    known = f"select count(*) from arrivals where arrival_id in {tuple(waited)}"
    with running_site(tmp_path, "--demo") as site:
        assert eventually(lambda: site.query(known) == [(3,)])


def made_newer(path: Path, make: Callable[[Path], object], migrations: Migrations) -> bytes:
    """A file as a later release leaves it: with a step that this one does not know."""
    make(path)
    with closing(connect(path)) as db:
        db.execute("create table of_tomorrow (id integer primary key)")
        db.execute("insert into of_tomorrow values (7)")
        db.execute(f"pragma user_version = {migrations.number + 1}")
        db.commit()
        db.execute("pragma journal_mode = delete")
    return path.read_bytes()


@each_edge
def test_a_newer_gate_s_or_tablet_s_file_is_refused_and_left_as_it_is(
    name: str, tmp_path: Path
) -> None:
    shape, migrations = EDGES[name]
    path = tmp_path / "own.sqlite3"

    def make(file: Path) -> None:
        open_whole(file, shape, LATER)[0].conn.close()

    content = made_newer(path, make, migrations)
    with pytest.raises(OperatorError, match="made by a newer release"):
        open_whole(path, shape, LATER)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir() if "damaged" in each.name] == []


def test_a_newer_hub_s_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    content = made_newer(path, lambda file: open_demo_hub(file.parent), hub_migrations)
    with pytest.raises(OperatorError, match=r"made by a newer release .*; this one knows \d+\)"):
        open_demo_hub(tmp_path)
    assert path.read_bytes() == content


@pytest.fixture
def files() -> list[Migrations]:
    """Two releases of a file: the newer one knows one step more."""
    older, newer = Migrations("demo"), Migrations("demo", harmless={"add_an_index"})
    for migrations in (older, newer):

        @migrations()
        def create_tables(db: Database) -> None:
            db.table("things").create({"id": int, "name": str}, pk="id")

    @newer()
    def add_an_index(db: Database) -> None:
        db.table("things").create_index(["name"])

    return [older, newer]


def test_after_a_harmless_step_the_older_release_goes_on(
    files: list[Migrations], tmp_path: Path
) -> None:
    older, newer = files
    db = open_database(tmp_path / "file.sqlite3")
    newer.bring_up(db)
    older.bring_up(db)
    assert (newer.number, newer.needed, needed_in(tmp_path / "file.sqlite3")) == (2, 1, 1)
    db.conn.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    migrations = Migrations("demo")

    @migrations()
    def create_tables(db: Database) -> None:
        db.table("things").create({"id": int}, pk="id")
        raise sqlite3.OperationalError("the disk is full")

    db = open_database(tmp_path / "file.sqlite3")
    with pytest.raises(sqlite3.OperationalError):
        migrations.bring_up(db)
    assert not db.table("things").exists()
    assert migrations.applied(db) == []
    db.conn.close()
