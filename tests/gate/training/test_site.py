"""A site's own errors: what is learned, what is kept out, and which weights are refused."""

import sys
from pathlib import Path

import numpy as np
import pytest

from gate.camera.picture import read_picture
from gate.pipeline import Passage
from gate.reader.readers import open_engine
from gate.reader.recognise import MODEL, Recogniser
from gate.training.__main__ import main
from gate.training.samples import NO_COLOUR
from gate.training.site import FEWEST_PLATES, SiteSamples, read_site, side
from gate.training.verdict import CANDIDATE, WEIGHTS, judge, old_weights, settle
from shared.errors import OperatorError
from shared.plate import ALPHABET
from tests.fakes import FakeClock
from tests.gate.corrections.scene import kept_in, passage, taken
from tests.samples import arrival

DEMO = Path(__file__).parents[3] / "gate" / "demo"
_LAST_BIAS = b"\x4a\xbc\x02"
"""What stands before the 79 numbers of the last layer's bias: protobuf's tag and their length."""


def blinded(path: Path, characters: str) -> Path:
    """Our weights, written to ``path``, which cannot see these characters any more."""
    data = bytearray(MODEL.read_bytes())
    begin = data.index(_LAST_BIAS) + len(_LAST_BIAS)
    bias = np.frombuffer(bytes(data[begin : begin + 4 * (1 + len(ALPHABET))]), np.float32).copy()
    for character in characters:
        bias[1 + ALPHABET.index(character)] -= 30
    data[begin : begin + bias.nbytes] = bias.tobytes()
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gate that takes each 8 for a B, and a guard who corrects every plate."""
    folder = tmp_path_factory.mktemp("site")
    engine, kept = open_engine(), kept_in(folder, FakeClock())
    for number, path in enumerate(sorted(DEMO.glob("*.jpg"))):
        picture = read_picture(path)
        reading = engine.read(picture)[0]
        told = arrival(reading.plate.replace("8", "B", 2), number)
        kept.hear(Passage(told, picture, reading=reading))
        kept.correct(taken(reading.plate, number))
    return folder


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gate's weights that know neither 1 nor 8."""
    return blinded(tmp_path_factory.mktemp("blind") / "old.onnx", "18")


@pytest.fixture
def out(tmp_path: Path, site: Path) -> Path:
    """Where a training has left a candidate that reads all digits."""
    (tmp_path / CANDIDATE).write_bytes(MODEL.read_bytes())
    return tmp_path


def test_a_fifth_of_the_plates_is_kept_out_with_all_their_strips(site: Path) -> None:
    plates = read_site(site)
    plates = [*plates, *plates]
    kept_out, learned = side(plates, held_out=True), side(plates, held_out=False)
    assert len(kept_out) + len(learned) == len(plates)
    assert {plate.text for plate in kept_out}.isdisjoint(plate.text for plate in learned)
    count = len({plate.text for plate in plates})
    assert len({plate.text for plate in kept_out}) == -(-count // 5)
    assert side(plates[::-1], held_out=True)[::-1] == kept_out  # in whatever order they come


def test_weights_that_beat_the_old_ones_at_the_site_are_written_where_the_gate_can_choose_them(
    site: Path, blind: Path, out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plates = read_site(site)
    caplog.set_level("INFO")
    verdict = settle(blind, out, side(plates, held_out=True), plates[:3])
    assert verdict.new > verdict.old
    assert f"{verdict.new} are read (the old weights: {verdict.old})" in caplog.text
    assert [path.name for path in out.iterdir()] == [WEIGHTS]
    picture = read_picture(DEMO / "01.jpg")
    assert open_engine(weights=out / WEIGHTS).read(picture)[0].plate == "浙A88888"
    assert "8" not in "".join(each.plate for each in open_engine(weights=blind).read(picture))


def test_weights_that_are_no_better_at_the_site_are_refused_in_words_and_deleted(
    site: Path, out: Path
) -> None:
    kept_out = side(read_site(site), held_out=True)
    with pytest.raises(OperatorError, match="refused") as refused:
        settle(MODEL, out, kept_out, [])
    assert f"of {len(kept_out)} corrections kept out they read {len(kept_out)}" in str(
        refused.value
    )
    assert [*out.iterdir()] == []


def test_weights_that_forget_other_plates_are_refused_though_they_are_better_at_the_site(
    site: Path, out: Path
) -> None:
    plates = read_site(site)
    of_site = [plate for plate in plates if "1" in plate.text and "8" not in plate.text]
    others = [plate for plate in plates if "8" in plate.text and "1" not in plate.text]
    old, new = blinded(out / "old.onnx", "1"), blinded(out / CANDIDATE, "8")
    verdict = judge(Recogniser(old), Recogniser(new), of_site, others)
    assert verdict.new > verdict.old
    assert verdict.new_drawn < verdict.old_drawn
    with pytest.raises(OperatorError, match="refused"):
        settle(old, out, of_site, others)
    assert [*out.iterdir()] == [old]


def test_what_is_another_car_s_plate_or_no_plate_s_sign_is_not_learned(tmp_path: Path) -> None:
    kept = kept_in(tmp_path, FakeClock())
    for number in range(FEWEST_PLATES):
        kept.hear(passage("浙A12345", number))
        kept.correct(taken(f"浙A1234{number}", number))
    for number, typed in enumerate(("苏E67890", "浙A1234?"), start=50):
        kept.hear(passage("浙A12345", number))
        kept.correct(taken(typed, number))
    assert {plate.text for plate in read_site(tmp_path)} == {f"浙A1234{n}" for n in range(10)}


def test_too_few_plates_are_refused_with_how_many_are_needed(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=f"0 plates .* {FEWEST_PLATES} are needed"):
        read_site(tmp_path)
    kept = kept_in(tmp_path, FakeClock())
    for number in range(FEWEST_PLATES):
        kept.hear(passage("浙A12345", number))
        kept.correct(taken("浙A12346", number))  # ten times one car
    with pytest.raises(OperatorError, match="1 plates"):
        read_site(tmp_path)


def test_a_site_s_strips_come_with_their_text_each_time_a_little_elsewhere(site: Path) -> None:
    plates = side(read_site(site), held_out=False)
    samples = SiteSamples(plates).take(64, np.random.default_rng(1), 0.5)
    known = {plate.text: plate for plate in plates}
    assert {sample.text for sample in samples} <= known.keys()
    assert {sample.colour for sample in samples} == {NO_COLOUR}
    assert len({sample.strip.tobytes() for sample in samples}) == len(samples)


def test_our_own_weights_are_never_overwritten_and_the_site_s_are_what_is_beaten(
    tmp_path: Path,
) -> None:
    with pytest.raises(OperatorError, match="Choose another folder"):
        old_weights(MODEL.parent, None)
    link = tmp_path / "link"
    link.symlink_to(MODEL.parent)
    with pytest.raises(OperatorError, match="Choose another folder"):
        old_weights(link, None)
    assert old_weights(tmp_path, None) == MODEL
    (tmp_path / WEIGHTS).write_bytes(b"")
    assert old_weights(tmp_path, None) == tmp_path / WEIGHTS
    assert old_weights(tmp_path, MODEL) == MODEL


@pytest.mark.parametrize("said", [b"", b"no weights", MODEL.read_bytes()[:9000]])
def test_weights_that_are_damaged_or_another_network_s_are_refused_in_words(
    tmp_path: Path, said: bytes
) -> None:
    (tmp_path / "site.onnx").write_bytes(said)
    with pytest.raises(OperatorError, match="damaged"):
        open_engine(weights=tmp_path / "site.onnx")
    with pytest.raises(OperatorError, match="another network"):
        open_engine(weights=MODEL.with_name("detect.onnx"))
    with pytest.raises(OperatorError, match="are missing"):
        open_engine(weights=tmp_path / "nowhere.onnx")


def test_without_the_extra_a_training_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "gate.training.recogniser", raising=False)
    words = ["recogniser", "--corrections", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(words) == 2
    assert "torch is not installed" in capsys.readouterr().err
