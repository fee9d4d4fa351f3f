import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.rules.commands import Consultant
from broker.rules.match import HINT_WITHIN, consultants_meant, likeliest_plate, plate_distance

ROSTER = tuple(
    Consultant(id=name, name=written, has_left=name == "gone")
    for name, written in {
        "c1": "李敏",
        "c2": "王强",
        "c3": "单曾",
        "c4": "吕梅",
        "c5": "王墙",
        "c6": "欧阳娜娜",
        "gone": "赵磊",
    }.items()
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("c1", ["c1"]),
        ("李敏", ["c1"]),
        ("李 敏", ["c1"]),
        ("李敏经理", ["c1"]),
        ("李民", ["c1"]),
        ("limin", ["c1"]),
        ("Li Min", ["c1"]),
        ("lm", ["c1", "c4"]),
        ("王强", ["c2"]),
        ("wangqiang", ["c2", "c5"]),
        ("shanzeng", ["c3"]),
        ("danceng", ["c3"]),
        ("lvmei", ["c4"]),
        ("lümei", ["c4"]),
        ("ouyang", ["c6"]),
        ("oynn", ["c6"]),
        ("赵磊", []),
        ("zhaolei", []),
        ("", []),
        ("x", []),
        ("小李", ["c1"]),
        ("老李", ["c1"]),
        ("阿李", ["c1"]),
        ("李经理", ["c1"]),
        ("李姐", ["c1"]),
        ("李总", ["c1"]),
        ("李總", ["c1"]),
        ("小李经理", ["c1"]),
        ("小王", ["c2", "c5"]),
        ("老欧阳", ["c6"]),
        ("歐陽", ["c6"]),
        ("王強", ["c2"]),
        ("小赵", []),
        ("经理", []),
        ("小", []),
    ],
)
def test_a_consultant_is_meant_by_characters_sound_pinyin_or_initials(
    text: str, meant: list[str]
) -> None:
    assert [consultant.id for consultant in consultants_meant(ROSTER, text)] == meant


def test_a_surname_means_nobody_who_only_sounds_like_it() -> None:
    roster = (Consultant(id="a", name="李敏"), Consultant(id="b", name="黎明"))
    assert consultants_meant(roster, "黎总") == roster[1:]
    assert consultants_meant(roster, "小李") == roster[:1]


def test_a_whole_name_that_ends_like_a_title_is_that_name() -> None:
    roster = (Consultant(id="a", name="王妹"), Consultant(id="b", name="王强"))
    assert consultants_meant(roster, "王妹") == roster[:1]
    assert consultants_meant(roster, "王哥") == roster


def test_two_people_of_one_name_are_both_meant() -> None:
    twins = (Consultant(id="a", name="李敏"), Consultant(id="b", name="李敏"))
    assert consultants_meant(twins, "李敏") == twins
    assert consultants_meant(twins, "b") == twins[1:]


def test_what_the_reader_confuses_is_nearer_than_what_it_does_not() -> None:
    assert plate_distance("浙A88888", "浙A88888") == 0
    confused, other = plate_distance("浙A8888B", "浙A88888"), plate_distance("浙A8888K", "浙A88888")
    assert 0 < confused < other
    assert plate_distance("浙A8888", "浙A88888") == plate_distance("浙A88888", "浙A8888") > confused
    assert plate_distance("苏A88888", "赣A88888") < plate_distance("苏A88888", "京A88888")


def test_the_nearest_plate_is_hinted_and_of_two_equally_near_none_is_preferred() -> None:
    assert likeliest_plate("浙A8888B", ["浙A88888", "浙A12345"]) == ("浙A88888",)
    assert likeliest_plate("浙A8888B", ["浙A88888", "浙A8B88B"]) == ("浙A88888", "浙A8B88B")
    assert likeliest_plate("浙A8888B", ["沪C12345"]) == ()
    assert likeliest_plate("浙A8888B", []) == ()


@given(
    read=st.text("浙苏A0D8B12", min_size=1, max_size=8),
    plate=st.text("浙苏A0D8B12", min_size=1, max_size=8),
)
def test_a_distance_within_reach_is_the_whole_distance(read: str, plate: str) -> None:
    whole, near = plate_distance(read, plate), plate_distance(read, plate, HINT_WITHIN)
    assert near == whole if whole <= HINT_WITHIN else near > HINT_WITHIN


@pytest.mark.parametrize(
    ("read", "is_hint"),
    [
        ("浙A00BBB", False),
        ("浙A88BBB", True),
        ("浙A8BBBB", True),
        ("浙ABBBBB", False),
        ("浙A8888K", True),
        ("浙A888BK", False),
        ("浙A888B京", False),
        ("浙A888KK", False),
        ("沪A88888", True),
        ("沪A88BB8", True),
        ("沪A8BBB8", False),
        ("浙A8888", True),
        ("浙A888888", True),
        ("浙A888", False),
        ("苏A88888", True),
    ],
)
def test_one_odd_character_or_four_that_look_alike_are_a_hint_and_more_are_none(
    read: str, is_hint: bool
) -> None:
    assert likeliest_plate(read, ["浙A88888"]) == (("浙A88888",) if is_hint else ())


def test_a_plate_that_is_clearly_nearer_is_hinted_alone() -> None:
    assert likeliest_plate("浙A8888B", ["浙A88888", "浙A8888K"]) == ("浙A88888",)


def test_a_foreign_name_has_no_initials() -> None:
    assert consultants_meant((Consultant(id="x", name="Anna Berg"),), "ab") == ()
    assert consultants_meant((Consultant(id="x", name="Anna Berg"),), "anna") != ()
