"""What edge programs keep on a disk that is full or read-only: a real one, which is filled."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from gate.own_file import Sequence
from kiosk.own_files import STORE_SHAPE
from kiosk.store import Store
from shared.disk import DiskTrouble, Reserve, can_take, is_short, read_into_memory
from shared.errors import OperatorError
from shared.in_use import holding
from shared.mending import Shape
from shared.outbox import Outbox, open_database
from shared.own_file import open_own
from tests.fakes import NINE
from tests.samples import arrival
from tests.small_disk import SmallDisk, small_disk


def _make_outbox(db: Database) -> None:
    Outbox(db)


OUTBOX = Shape(_make_outbox)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", size_mb=64) as made:
        yield made


def waiting(outbox: Outbox) -> list[str]:
    return [row.message.arrival_id for row in outbox.waiting(1000)]  # type: ignore[attr-defined]


def in_file(path: Path) -> list[str]:
    db = read_into_memory(path)
    found = [name for (name,) in db.execute("select id from outbox order by row")]
    db.close()
    return found


def until_held(outbox: Outbox, first: int) -> int:
    """Put messages until the disk refuses one; the number of that one."""
    number = first
    while outbox.trouble is None:
        outbox.put(arrival(number=number))
        number += 1
    return number - 1


def test_messages_that_a_full_disk_refuses_are_sent_from_memory_in_order_and_saved_later(
    disk: SmallDisk,
) -> None:
    path = disk.folder / "outbox.db"
    outbox = Outbox(open_database(path))
    disk.fill()
    refused = until_held(outbox, 1)
    outbox.put(arrival(number=refused + 1))
    assert outbox.trouble is DiskTrouble.FULL
    assert outbox.is_held(f"a-{refused + 1}")
    everything = [f"a-{number}" for number in range(1, refused + 2)]
    assert waiting(outbox) == everything
    assert outbox.depth() == refused + 1
    outbox.forget_ids(["a-1", f"a-{refused}"])
    left = [name for name in everything if name not in ("a-1", f"a-{refused}")]
    assert waiting(outbox) == left
    disk.make_room()
    outbox.save()
    assert outbox.trouble is None
    assert waiting(outbox) == in_file(path) == left


def test_a_program_starts_on_a_read_only_disk_with_what_waited_there(disk: SmallDisk) -> None:
    path = disk.folder / "outbox.db"
    earlier = open_database(path)
    Outbox(earlier).put(arrival(number=1))
    earlier.close()
    disk.become("ro")
    own = open_own(path, OUTBOX, NINE)
    outbox = Outbox(own.db, own.refused)
    outbox.put(arrival(number=2))
    assert outbox.trouble is DiskTrouble.READ_ONLY
    assert waiting(outbox) == ["a-1", "a-2"]
    outbox.forget_ids(["a-1"])
    assert waiting(outbox) == ["a-2"]
    assert in_file(path) == ["a-1"]
    disk.become("rw")
    outbox.save()
    assert waiting(outbox) == in_file(path) == ["a-2"]
    assert outbox.trouble is None


def test_a_full_disk_after_a_power_cut_hides_no_message_that_was_on_it(disk: SmallDisk) -> None:
    path = disk.folder / "outbox.db"
    earlier = open_database(path)
    Outbox(earlier).put(arrival(number=1))
    left = {file: file.read_bytes() for file in (path, path.with_name("outbox.db-wal"))}
    earlier.close()
    for file, content in left.items():
        file.write_bytes(content)
    disk.fill()
    own = open_own(path, OUTBOX, NINE)
    assert own.refused == path
    assert waiting(Outbox(own.db, own.refused)) == ["a-1"]


@pytest.mark.parametrize("is_refused_at_start", [True, False])
def test_what_a_kiosk_knows_goes_on_in_memory_and_comes_back_to_the_file(
    disk: SmallDisk, *, is_refused_at_start: bool
) -> None:
    path = disk.folder / "kiosk.db"
    file = open_database(path)
    store = Store(file)
    assert store.next_seq() == 1
    if is_refused_at_start:
        file.close()
        disk.become("ro")
        own = open_own(path, STORE_SHAPE, NINE)
        store = Store(own.db, own.refused)
    else:
        disk.fill()
    number = store.number_for("visit-1", NINE)
    seqs = [store.next_seq() for _ in range(2000)]
    assert seqs == list(range(2, 2002))
    assert store.inside(number, NINE) == "visit-1"
    if is_refused_at_start:
        disk.become("rw")
    else:
        disk.make_room()
    store.save()
    again = Store(open_database(path))
    assert again.next_seq() == 2002
    assert again.inside(number, NINE) == "visit-1"


def test_a_gate_counts_on_while_its_disk_is_full(disk: SmallDisk) -> None:
    path = disk.folder / "gate.sqlite3"
    counter = Sequence(open_database(path))
    disk.fill()
    numbers = [counter.next() for _ in range(3000)]
    assert numbers == list(range(1, 3001))
    disk.make_room()
    assert counter.next() == 3001
    assert Sequence(open_database(path)).next() == 3002


def test_a_folder_on_a_read_only_disk_is_held_all_the_same(disk: SmallDisk) -> None:
    lock = disk.folder / "gate.lock"
    lock.write_text("")
    disk.become("ro")
    with (
        holding(disk.folder, "gate"),
        pytest.raises(OperatorError),
        holding(disk.folder, "gate"),
    ):
        raise AssertionError("held twice")


def test_a_reserve_is_kept_only_where_there_is_room_and_gives_its_room_back(
    disk: SmallDisk,
) -> None:
    reserve = Reserve(disk.folder)
    assert reserve.make()
    assert is_short(disk.folder)
    disk.fill()
    assert not can_take(disk.folder, 2**20)
    reserve.release()
    assert can_take(disk.folder, 2**20)
    assert not reserve.make()
    assert sorted(path.name for path in disk.folder.iterdir()) == ["somebody's"]
