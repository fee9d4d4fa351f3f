"""The files of gate and tablet: damaged, cut, empty or gone, and the program starts and says so."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gate.own_file import FILE_SHAPE, Sequence
from kiosk.own_files import STORE_SHAPE
from kiosk.store import Store
from shared import sealed_file
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.file_check import Trouble, trouble_of
from shared.mending import ASIDE_KEPT, PROBLEM, open_whole, set_aside
from shared.messages import NodeKind, NodeStatus
from shared.node import Node
from shared.sealed_file import SUMS, connect
from shared.sealing import seal
from tests.damage import DAMAGES, break_header, break_page, cut
from tests.fakes import NINE, SITE, FakeLink
from tests.samples import arrival

WAITING = 400


@pytest.fixture(autouse=True)
def sealed(tmp_path: Path) -> None:
    """The file is sealed, as at every site."""
    seal(tmp_path, tmp_path / "hub.data.key")


def full_outbox(path: Path) -> None:
    db, mended = open_whole(path, FILE_SHAPE, NINE)
    assert mended is None
    outbox, sequence = EdgeOutbox(db), Sequence(db)
    with db.atomic():
        for number in range(WAITING):
            outbox.put(arrival(f"浙A{10000 + number}", sequence.next()))
    db.close()


def test_a_program_that_was_killed_during_its_first_start_starts_without_an_alarm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "gate.sqlite3"
    path.touch()
    db, mended = open_whole(path, FILE_SHAPE, NINE)
    assert mended is None
    assert EdgeOutbox(db).depth() == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_gate_starts_with_any_file_and_says_so_once(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = tmp_path / "gate.sqlite3"
    full_outbox(path)
    damage(path)
    db, mended = open_whole(path, FILE_SHAPE, NINE)
    assert mended is not None
    outbox = EdgeOutbox(db)
    before = outbox.depth()
    outbox.put(arrival("浙A77777", Sequence(db).next()))
    assert outbox.depth() == before + 1
    db.close()
    again, mended_again = open_whole(path, FILE_SHAPE, NINE)
    assert mended_again is None
    assert EdgeOutbox(again).depth() == before + 1
    again.close()


@pytest.mark.parametrize(
    ("damage", "at_least"), [(break_header, WAITING), (break_page, WAITING - 20), (cut, 200)]
)
def test_messages_that_wait_are_saved_and_the_old_file_is_kept(
    tmp_path: Path, damage: Callable[[Path], None], at_least: int
) -> None:
    path = tmp_path / "gate.sqlite3"
    full_outbox(path)
    damage(path)
    was = path.read_bytes()
    db, mended = open_whole(path, FILE_SHAPE, NINE)
    assert mended is not None
    assert mended.trouble is Trouble.DAMAGED
    assert at_least <= EdgeOutbox(db).depth() <= WAITING
    (aside,) = set_aside(path)
    assert aside == mended.aside
    assert aside.read_bytes() == was
    db.close()


def test_a_file_of_a_release_with_other_check_sums_is_saved_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gate.sqlite3"
    with monkeypatch.context() as then:
        then.setattr(sealed_file, "_NEWEST_SUM", SUMS[80])
        full_outbox(path)
    break_header(path)
    db, mended = open_whole(path, FILE_SHAPE, NINE)
    with closing(db):
        assert mended is not None
        assert EdgeOutbox(db).depth() == WAITING
    assert path.read_bytes()[20] == min(SUMS)


def test_commits_that_only_the_log_beside_the_file_has_are_saved_too(tmp_path: Path) -> None:
    path = tmp_path / "gate.sqlite3"
    full_outbox(path)
    held = connect(path)
    held.execute("select * from outbox").fetchone()
    db, _ = open_whole(path, FILE_SHAPE, NINE)
    EdgeOutbox(db).put(arrival("浙A77777", 500))
    copies = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    db.close()
    held.close()
    for name, body in copies.items():  # as after a kill: nothing was moved from the log
        (tmp_path / name).write_bytes(body)
    break_page(path)  # not the first, which stands in the log where the file has just grown
    db, mended = open_whole(path, FILE_SHAPE, NINE)
    assert mended is not None
    (saved,) = db.execute("select count(*) from outbox where body like '%浙A77777%'").fetchone()
    assert saved == 1
    db.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_tablet_starts_with_any_file_of_what_it_knows(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = tmp_path / "kiosk.db"
    db, _ = open_whole(path, STORE_SHAPE, NINE)
    numbers = [Store(db).number_for(f"visit-{index}", NINE) for index in range(300)]
    db.close()
    damage(path)
    db, mended = open_whole(path, STORE_SHAPE, NINE)
    assert mended is not None
    store = Store(db)
    known = [number for number in numbers if store.inside(number, NINE)]
    assert len(known) == (len(numbers) if damage is break_header else len(known))
    assert store.number_for("visit-new", NINE)
    db.close()
    assert trouble_of(path) is None


def test_damaged_files_never_fill_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "gate.sqlite3"
    for hour in range(ASIDE_KEPT + 2):
        full_outbox(path)
        break_header(path)
        open_whole(path, FILE_SHAPE, NINE + timedelta(hours=hour))[0].close()
        path.unlink()
        Path(f"{path}.exists").unlink()
    kept = set_aside(path)
    assert len(kept) == ASIDE_KEPT
    newest = f"{NINE + timedelta(hours=ASIDE_KEPT + 1):%Y-%m-%dT%H%M%S}"
    assert kept[-1].name.endswith(newest)


def test_a_first_start_is_nothing_to_tell(tmp_path: Path) -> None:
    db, mended = open_whole(tmp_path / "kiosk.db", STORE_SHAPE, NINE)
    assert mended is None
    db.close()


def test_a_file_that_only_another_process_holds_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "gate.sqlite3"
    full_outbox(path)
    with closing(connect(path)) as other:
        other.execute("begin immediate")
        assert trouble_of(path) is None
    assert set_aside(path) == []


def test_the_program_s_presence_says_so(tmp_path: Path) -> None:
    db, _ = open_whole(tmp_path / "gate.sqlite3", FILE_SHAPE, NINE)
    link = FakeLink()
    node = Node(SITE, "north", NodeKind.GATE, "1")
    courier = Courier(node, link, EdgeOutbox(db), lambda _: None, PROBLEM)
    courier.step(0.0)
    assert [each.problem for each in link.sent if isinstance(each, NodeStatus)] == [PROBLEM]
    db.close()
