"""A few of the rounds that ``python -m tests.bench chaos`` plays, and that it would see a loss."""

import random
from pathlib import Path

import pytest

from tests.bench.chaos.crash import SECTOR, Change, Folder, What
from tests.bench.chaos.faults import Fault
from tests.bench.chaos.playing import play, play_real
from tests.bench.chaos.rounds import STATES

SEED = 7


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_fails_nothing_is_lost_doubled_or_out_of_order() -> None:
    faults = list(Fault)
    outcomes = list(play([(fault, SEED) for fault in faults], processes=2))
    assert [outcome.wrong for outcome in outcomes] == [[]] * len(faults)
    assert {outcome.states for outcome in outcomes} == {1, STATES}


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(600)
def test_a_real_hub_that_loses_its_power_loses_nothing() -> None:
    (outcome,) = play_real(1, SEED, Fault.POWER_HUB)
    assert outcome.wrong == []
    assert outcome.restarts_ms


def wrote(path: str, text: bytes, at: int = 0) -> Change:
    return Change(What.WRITE, path, at, text)


def did(what: What, path: str, to: str = "") -> Change:
    return Change(what, path, 0, to.encode())


def left_by(*changes: Change) -> list[dict[str, bytes]]:
    """What a hundred power cuts leave after these changes."""
    folder = Folder()
    folder.play(changes)
    return [folder.after_power_cut("hub", random.Random(seed)) for seed in range(100)]


def test_after_a_power_cut_all_is_there_that_an_fsync_made_safe() -> None:
    begun = did(What.CREATE, "hub/a")
    safe = wrote("hub/a", b"x" * SECTOR)
    left = left_by(begun, safe, did(What.SYNC, "hub/a"), wrote("hub/a", b"y" * SECTOR, SECTOR))
    assert {files["hub/a"][:SECTOR] for files in left} == {b"x" * SECTOR}
    assert {files["hub/a"][SECTOR:] for files in left} == {b"", b"y" * SECTOR}


def test_what_no_fsync_made_safe_is_torn_in_sectors() -> None:
    left = left_by(
        did(What.CREATE, "hub/a"), did(What.SYNC, "hub/a"), wrote("hub/a", b"x" * 3 * SECTOR)
    )
    found = {files["hub/a"] for files in left}
    assert {b"", b"x" * 3 * SECTOR} < found
    assert all(body.count(b"x") % SECTOR == 0 for body in found)


def test_a_new_name_may_come_without_what_stands_in_the_file() -> None:
    left = left_by(
        did(What.CREATE, "hub/a"),
        did(What.SYNC, "hub"),
        did(What.CREATE, "hub/new"),
        wrote("hub/new", b"whole"),
        did(What.RENAME, "hub/new", "hub/a"),
    )
    assert {files.get("hub/a") for files in left} == {b"", b"whole"}
    assert {"hub/new" in files for files in left} == {True, False}


def test_a_power_cut_at_the_hub_leaves_the_gate_alone() -> None:
    left = left_by(did(What.CREATE, "gate/a"), wrote("gate/a", b"whole"))
    assert {files["gate/a"] for files in left} == {b"whole"}


def test_a_kill_loses_nothing_that_was_written(tmp_path: Path) -> None:
    folder = Folder()
    folder.play([did(What.CREATE, "hub/a"), wrote("hub/a", b"whole")])
    assert folder.after_kill() == {"hub/a": b"whole"}
