import pytest

from shared.plate import ALPHABET, KINDS, PROVINCES, is_plausible, kind_of, kinds_of, normalize


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" 浙a·12345 ", "浙A12345"),
        ("浙A-12345", "浙A12345"),
        ("浙A • 1 2 3 4 5", "浙A12345"),
        ("浙A12345", "浙A12345"),
        ("浙A.12345", "浙A12345"),
        ("粵B12345", "粤B12345"),
        ("瓊A12345", "琼A12345"),
        ("粵Z1234港", "粤Z1234港"),
        ("使 224-578", "使224578"),
    ],
)
def test_one_plate_has_one_spelling(written: str, stored: str) -> None:
    assert normalize(written) == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("浙A1O345", "浙A10345"),
        ("浙AI2345", "浙A12345"),
        ("浙O1O34警", "浙O1034警"),
        ("224O78使", "224078使"),
        ("沪O2305领", "沪02305领"),
    ],
)
def test_letters_that_are_never_issued_are_digits(written: str, stored: str) -> None:
    assert normalize(written) == stored


def test_a_stored_plate_stays_as_it_is() -> None:
    for plate in ("浙A12345", "浙AD12345", "京O1234警", "WJ粤8888X", "琼X1234应急"):
        assert normalize(normalize(plate)) == plate


@pytest.mark.parametrize(
    ("plate", "colour", "rows", "kind"),
    [
        ("浙A12345", "blue", 1, "small"),
        ("浙A12345", None, None, "small"),
        ("浙A12345", "yellow", 1, "large"),
        ("浙A12345", "yellow", 2, "large_rear"),
        ("浙A12345", "black", 1, "black"),
        ("浙A12345", "blue", 2, "motorcycle"),
        ("浙A1234挂", "yellow", 2, "trailer"),
        ("浙AD12345", "green", 1, "nev_small"),
        ("浙AK12345", "green", 1, "nev_small"),
        ("浙AFA2345", "green", 1, "nev_small"),
        ("浙A12345D", "yellow_green", 1, "nev_large"),
        ("浙A1234学", "yellow", 1, "learner"),
        ("浙A1234警", "white", 1, "police"),
        ("浙O1234警", "white", 1, "police_organ"),
        ("粤OA2160", "blue", 1, "organ"),
        ("粤Z1234港", "black", 1, "hk_macau"),
        ("粤ZA12B澳", "black", 1, "hk_macau"),
        ("224578使", "black", 1, "embassy"),
        ("使224578", "black", 1, "embassy_old"),
        ("沪12305领", "black", 1, "consulate"),
        ("沪A1234领", "black", 1, "consulate_old"),
        ("沪领12345", "black", 2, "consulate_motorcycle"),
        ("WJ12345", "white", 1, "armed_police"),
        ("WJ琼12345", "white", 1, "armed_police"),
        ("WJ粤8888X", "white", 2, "armed_police"),
        ("WJ07X0000", "white", 1, "armed_police_old"),
        ("JA12345", "white", 1, "military"),
        ("琼X1234应急", "white", 1, "emergency"),
        ("民航A1234", "green", 1, "aviation"),
        ("浙A1234试", None, None, "special_size"),
    ],
)
def test_every_kind_of_plate_is_known(
    plate: str, colour: str | None, rows: int | None, kind: str
) -> None:
    assert kind_of(plate, colour, rows) == kind


def test_a_plate_read_in_the_wrong_colour_is_still_a_plate() -> None:
    assert kind_of("浙A12345", "white") == "small"


@pytest.mark.parametrize(
    "text", ["", "A12345", "浙I12345", "浙A1234", "浙A1O345", "浙AD1234X", "无牌"]
)
def test_what_cannot_exist_has_no_kind(text: str) -> None:
    assert kind_of(text) is None
    assert not is_plausible(text)


def test_headquarters_of_the_armed_police_also_look_like_an_army_plate() -> None:
    assert [kind.id for kind in kinds_of("WJ12345")] == ["armed_police", "military"]


def test_a_new_energy_plate_without_its_last_place_looks_like_an_ordinary_one() -> None:
    assert kind_of("浙AD12345"[:-1]) == "small"
    assert kind_of("京A12345D"[:-1]) == "small"


def test_there_are_31_provinces_and_no_character_twice() -> None:
    assert len(PROVINCES) == 31
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.id for kind in KINDS}) == len(KINDS)
