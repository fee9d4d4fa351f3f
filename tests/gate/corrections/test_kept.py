"""What people corrected is kept for a week with its strip, and nothing else is."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from gate.corrections.__main__ import main
from gate.corrections.kept import KEPT, MOST_KEPT, MOST_WAITING, WAITING, Kept, read_kept
from shared.errors import OperatorError
from shared.own_file import own_folder
from shared.sealed_file import data_key_of, make_data_key
from tests.fakes import FakeClock
from tests.gate.corrections.scene import kept_in, passage, taken


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def kept(tmp_path: Path, clock: FakeClock) -> Kept:
    return kept_in(tmp_path, clock)


def pairs(folder: Path) -> list[tuple[str, str]]:
    return [(each.read, each.plate) for each in read_kept(folder)]


def test_the_strip_of_a_corrected_car_is_kept_with_both_texts(tmp_path: Path, kept: Kept) -> None:
    kept.hear(passage("浙AB0008", 1))
    kept.hear(passage("浙A12345", 2))
    kept.correct(taken("浙A80008", 1))
    (strip,) = read_kept(tmp_path)
    assert (strip.name, strip.read, strip.plate) == ("a-1", "浙AB0008", "浙A80008")
    assert strip.image.shape == (40, 160, 3)  # the plate alone, no face in a windscreen


def test_nothing_of_a_car_that_nobody_corrects_reaches_the_disk(tmp_path: Path, kept: Kept) -> None:
    kept.hear(passage("浙A12345"))
    assert read_kept(tmp_path) == []
    kept.correct(taken("浙A80008", 99))  # of a car before this start
    assert read_kept(tmp_path) == []


def test_the_last_word_on_a_plate_counts(tmp_path: Path, kept: Kept) -> None:
    kept.hear(passage("浙AB0008"))
    kept.correct(taken("浙A80008"))
    kept.correct(taken("浙A80008"))  # the message comes twice
    kept.correct(taken("浙AD0008"))
    assert pairs(tmp_path) == [("浙AB0008", "浙AD0008")]


def test_after_a_week_it_is_gone_and_a_strip_waits_for_one_day_only(
    tmp_path: Path, kept: Kept, clock: FakeClock
) -> None:
    kept.hear(passage("浙AB0008", 1, seen_at=clock()))
    kept.hear(passage("浙A12345", 2, seen_at=clock()))
    kept.correct(taken("浙A80008", 1))
    clock.pass_s((WAITING + timedelta(seconds=1)).total_seconds())
    kept.delete_old(clock())
    kept.correct(taken("浙A12346", 2))
    assert pairs(tmp_path) == [("浙AB0008", "浙A80008")]
    clock.pass_s((KEPT - WAITING - timedelta(seconds=2)).total_seconds())
    kept.delete_old(clock())
    assert len(read_kept(tmp_path)) == 1
    clock.pass_s(2)
    kept.delete_old(clock())
    assert read_kept(tmp_path) == []


def test_neither_memory_nor_disk_takes_more_than_its_bound(
    tmp_path: Path, kept: Kept, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (MOST_KEPT, MOST_WAITING) == (2_000, 400)
    monkeypatch.setattr("gate.corrections.kept.MOST_KEPT", 3)
    monkeypatch.setattr("gate.corrections.kept.MOST_WAITING", 5)
    for number in range(8):
        kept.hear(passage("浙AB0008", number))
    for number in range(8):
        clock.pass_s(1)
        kept.correct(taken("浙A80008", number))
    assert [each.name for each in read_kept(tmp_path)] == ["a-5", "a-6", "a-7"]


def test_whoever_is_erased_is_erased_here_by_message_and_by_plate(
    tmp_path: Path, kept: Kept
) -> None:
    for number, read in enumerate(("浙AB0008", "浙A80008", "浙A80008", "浙B77777"), start=1):
        kept.hear(passage(read, number))
    kept.correct(taken("浙A80008", 1))
    kept.correct(taken("浙A80008", 2))
    kept.correct(taken("浙B77771", 4))
    kept.erase(["a-1"])
    assert pairs(tmp_path) == [("浙B77777", "浙B77771")]
    kept.correct(taken("浙A80008", 3))  # that waited, and is of the same car
    assert pairs(tmp_path) == [("浙B77777", "浙B77771")]


def test_the_file_is_the_gate_s_alone_and_sealed_where_the_folder_has_a_key(
    tmp_path: Path, clock: FakeClock
) -> None:
    config, data = tmp_path / "etc" / "gate.toml", tmp_path / "data"
    for folder in (config.parent, data):
        folder.mkdir()
    make_data_key(data_key_of(config))
    with own_folder(data, "gate", config):
        kept = kept_in(data, clock)
        kept.hear(passage("浙AB0008"))
        kept.correct(taken("浙A80008"))
        assert pairs(data) == [("浙AB0008", "浙A80008")]
        files = [*data.glob("corrections.sqlite3*")]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert not any("浙A80008".encode() in file.read_bytes() for file in files)
        assert not any(b"\x89PNG" in file.read_bytes() for file in files)
        assert main(["--data", str(data), "--copy", str(tmp_path / "copy")]) == 0
    assert pairs(tmp_path / "copy") == [("浙AB0008", "浙A80008")]  # for a training elsewhere
    files = [*(tmp_path / "copy").glob("*.sqlite3*")]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_disk_that_refuses_stops_nobody(kept: Kept, clock: FakeClock) -> None:
    kept.db.conn.execute("drop table strips")
    kept.hear(passage("浙AB0008"))
    kept.correct(taken("浙A80008"))
    kept.delete_old(clock())
    kept.erase(["a-1"])


def test_the_command_says_which_character_is_taken_for_which_and_masks_the_plates(
    tmp_path: Path, kept: Kept, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, day in enumerate((0, 0, 1), start=1):
        seen_at = clock() + timedelta(days=day)
        kept.hear(passage("浙AB0008", number, seen_at=seen_at))
        kept.correct(taken("浙A80008", number))
    assert main(["--data", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert (
        "2026-11-23  corrected 2, confirmed 0, another car's plate 0\n    8 taken for B: 2" in said
    )
    assert "2026-11-24  corrected 1" in said
    assert "All days  corrected 3, confirmed 0, another car's plate 0\n    8 taken for B: 3" in said
    assert "浙A·B**08 → 浙A·8**08" in said
    assert "浙A80008" not in said


def test_the_command_says_what_was_overlooked_and_what_was_read_where_there_is_nothing(
    tmp_path: Path, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, (read, true) in enumerate([("浙A8000", "浙A80007"), ("浙A800077", "浙A80007")]):
        kept.hear(passage(read, number))
        kept.correct(taken(true, number))
    assert main(["--data", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "    7 overlooked: 1\n" in said
    assert "    7 read where there is none: 1\n" in said


def test_the_command_erases_on_demand_while_the_gate_runs(
    tmp_path: Path, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.hear(passage("浙AB0008"))
    kept.correct(taken("浙A80008"))
    assert main(["--data", str(tmp_path), "--lang", "en", "--erase"]) == 0
    assert "1 corrected plates are deleted" in capsys.readouterr().out
    assert main(["--data", str(tmp_path), "--lang", "en"]) == 0
    assert "nobody corrected a plate" in capsys.readouterr().out
    kept.hear(passage("浙AB0008", 2))
    kept.correct(taken("浙A80008", 2))
    assert pairs(tmp_path) == [("浙AB0008", "浙A80008")]


def test_a_copy_that_cannot_be_written_is_said_in_words(
    tmp_path: Path, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.hear(passage("浙AB0008"))
    kept.correct(taken("浙A80008"))
    (tmp_path / "a file").touch()
    words = ["--data", str(tmp_path), "--lang", "en", "--copy", str(tmp_path / "a file")]
    assert main(words) == 1
    assert "a file: the copy cannot be written" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corrections.sqlite3").write_bytes(b"no database" * 400)
    assert main(["--data", str(tmp_path), "--lang", "en"]) == 1
    assert "cannot be read" in capsys.readouterr().err
    for words in (["--erase"], ["--copy", str(tmp_path / "copy")]):
        assert main(["--data", str(tmp_path), "--lang", "en", *words]) == 1
    assert main(["--data", str(tmp_path / "nowhere"), "--lang", "en"]) == 1
    assert "nowhere: the corrected plates cannot be read" in capsys.readouterr().err
    with pytest.raises(OperatorError):
        read_kept(tmp_path)
