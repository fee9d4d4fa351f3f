"""Real plates for training, from a folder that the test makes up."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from gate.training.real import RealSamples, read_real
from gate.training.samples import NO_COLOUR
from gate.training.supply import BATCH, Wanted, read_wanted, supplied
from shared.plate import COLOURS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Crops without columns of their own, and in a folder below crops of two named sources."""
    older = [("a", f"皖A000{n:02}") for n in range(20)]
    _write(
        tmp_path, "file,plate", [f"{name}{n}.png,{text}" for n, (name, text) in enumerate(older)]
    )
    newer = [
        f"{n}.png,{text},{colour},{repo},{label}"
        for n, (text, colour, repo, label) in enumerate(
            [(f"浙B{n // 2:02}000", "yellow", "one/Road", "hand") for n in range(30)]
            + [(f"沪C0{n:02}00", "", "two/Toll", "both readers") for n in range(10)]
        )
    ]
    _write(tmp_path / "more", "file,plate,colour,repo,label_from", newer)
    return tmp_path


def _write(folder: Path, head: str, lines: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    picture = np.full((36, 136, 3), 90, np.uint8)
    for line in lines:
        (folder / line.partition(",")[0]).write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    (folder / "crops.csv").write_text("\n".join([head, *lines]), encoding="utf-8")


def test_the_sources_of_a_folder_and_of_those_in_it_are_told_apart(folder: Path) -> None:
    plates = read_real(folder, held_out=False) + read_real(folder, held_out=True)
    assert {plate.source for plate in plates} == {f"{folder.name}/crops", "one/Road", "two/Toll"}
    assert len(plates) == 60
    assert {plate.source for plate in plates if plate.is_hard} == {"one/Road"}


def test_the_colour_stands_in_its_column_and_an_empty_one_is_unknown(folder: Path) -> None:
    colours = {plate.source: plate.colour for plate in read_real(folder, held_out=False)}
    assert colours == {
        f"{folder.name}/crops": COLOURS.index("blue"),
        "one/Road": COLOURS.index("yellow"),
        "two/Toll": NO_COLOUR,
    }


def test_all_pictures_of_one_plate_are_trained_on_or_held_out(folder: Path) -> None:
    trained = {plate.text for plate in read_real(folder, held_out=False)}
    kept = {plate.text for plate in read_real(folder, held_out=True)}
    assert kept
    assert not trained & kept


def test_a_source_that_is_left_out_is_never_trained_on(folder: Path) -> None:
    wanted = Wanted(None, folder, "toll", (0, 0))
    sources = {plate.source for plate in read_wanted(wanted, held_out=False)}
    assert sources == {f"{folder.name}/crops", "one/Road"}


def test_a_common_province_is_mostly_cut_off_so_that_it_is_not_expected_everywhere(
    folder: Path,
) -> None:
    samples = RealSamples(read_real(folder, held_out=False))
    taken = samples.take(600, np.random.default_rng(0), 0.0)
    for province in "皖浙沪":
        shown = sum(sample.text.startswith(province) for sample in taken)
        assert 0.05 < shown / len(taken) < 0.16
    assert all(len(sample.text) == 6 or sample.text[0] in "皖浙沪" for sample in taken)


@pytest.mark.slow  # writes with a font that only `make test` installs
def test_another_process_draws_the_batches(folder: Path) -> None:
    with supplied(Wanted(None, folder, None, (0, 0)), 1) as supply:
        batches = [supply.batch(1.0) for _ in range(2)]
    assert [len(batch) for batch in batches] == [BATCH, BATCH]
    for batch in batches:
        real = [sample for sample in batch if sample.text and not sample.places]
        assert 0.3 * BATCH < len(real) < 0.4 * BATCH
        assert 0.05 * BATCH < sum(not sample.text for sample in batch) < 0.2 * BATCH
