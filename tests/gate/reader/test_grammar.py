import pytest

from gate.reader.grammar import PlateText, as_issued, decode, plain_reading
from gate.reader.lattice import certainties, probabilities_of, told_steps
from shared.plate import ALPHABET
from tests.gate.spelling import ground, strip


def read(text: str, colour: str = "blue", rows: int = 1, **doubts: tuple[str, float]) -> PlateText:
    found = decode(strip(text, 0.98, **doubts), ground(colour), rows)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "colour", "rows", "kind"),
    [
        ("浙A12345", "blue", 1, "small"),
        ("浙A12345", "yellow", 1, "large"),
        ("浙A12345", "yellow", 2, "large_rear"),
        ("浙AD12345", "green", 1, "nev_small"),
        ("浙A12345D", "yellow_green", 1, "nev_large"),
        ("浙A1234警", "white", 1, "police"),
        ("粤Z1234港", "black", 1, "hk_macau"),
        ("WJ粤12345", "white", 1, "armed_police"),
        ("224578使", "black", 1, "embassy"),
        ("琼X1234应急", "white", 1, "emergency"),
    ],
)
def test_a_clear_plate_is_read_with_its_kind(text: str, colour: str, rows: int, kind: str) -> None:
    found = read(text, colour, rows)
    assert (found.plate, found.kind, found.colour) == (text, kind, colour)
    assert found.raw_plate == text
    assert not found.is_incomplete


def test_equal_neighbours_stay_two_characters() -> None:
    assert read("浙A88888").plate == "浙A88888"


def test_every_character_has_its_own_confidence() -> None:
    found = read("浙A12345", p3=("7", 0.6))
    assert len(found.characters) == 7
    assert min(found.characters) == found.characters[3]
    assert found.characters[0] == found.province_confidence > 0.9


def test_the_next_best_texts_are_offered() -> None:
    found = read("浙A12345", p4=("8", 0.5))
    assert "浙A12845" in found.candidates
    assert len(found.candidates) <= 3


def test_a_letter_is_preferred_where_only_a_letter_can_stand() -> None:
    assert read("浙812345", p1=("B", 0.5)).plate == "浙B12345"


def test_a_province_is_preferred_at_the_start() -> None:
    assert read("1A12345", p0=("浙", 0.3)).plate == "浙A12345"


def test_the_colour_chooses_between_seven_and_eight_places() -> None:
    doubtful = strip("浙AD12345")
    doubtful[2 + 7 * 4, 0] = 0.6
    doubtful[2 + 7 * 4, 1 + ALPHABET.index("5")] = 0.39
    as_green = decode(doubtful, ground("green"), 1)
    as_blue = decode(doubtful, ground("blue"), 1)
    assert as_green is not None
    assert as_blue is not None
    assert (as_green.plate, as_blue.plate) == ("浙AD12345", "浙AD1234")


def test_a_green_plate_with_seven_places_is_incomplete() -> None:
    found = read("浙AD1234", "green")
    assert (found.kind, found.is_incomplete) == ("nev_small", True)


def test_a_blue_plate_with_seven_places_is_complete() -> None:
    assert not read("浙AD1234", "blue").is_incomplete


def test_a_plate_without_its_province_is_incomplete_and_says_so() -> None:
    found = read("A12345")
    assert (found.plate, found.kind, found.is_incomplete) == ("A12345", None, True)
    assert found.province_confidence == 0.0


def test_an_agency_has_the_letter_and_not_the_digit() -> None:
    assert as_issued("粤02160A") == "粤O2160A"
    assert as_issued("沪012305") == "沪O12305"
    assert as_issued("沪02305领") == "沪02305领"
    assert read("浙01234警", "white").plate == "浙O1234警"


def test_an_empty_strip_holds_no_plate() -> None:
    assert decode(strip(""), ground("blue"), 1) is None


def test_the_plain_reading_is_kept_beside_the_corrected_one() -> None:
    found = read("浙812345", p1=("B", 0.5))
    assert found.raw_plate == "浙812345"


def test_one_text_gathers_all_its_alignments() -> None:
    wide = strip("浙A12345")
    wide[3] = wide[2]
    assert plain_reading(wide)[0] == "浙A12345"
    assert probabilities_of(["浙A12345"], told_steps(wide))[0] > 0.85
    assert all(p > 0.9 for p in certainties("浙A12345", told_steps(wide)))
