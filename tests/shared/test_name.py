"""Names and texts from outside: nothing visible is lost, nothing invisible gets in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.codec import decode
from shared.errors import MessageError
from shared.messages import CheckIn, Registration, ReportKind, StaffReport
from shared.name import LONGEST_NAME, normalize_name, one_line, surname_and_title
from tests.fakes import NINE
from tests.rare_names import BLOCKS, rare_names

HEAD = f'{{"registration_id":"r-1","staff_id":"li","registered_at":"{NINE.isoformat()}"'


def registered(fields: str) -> Registration:
    return decode(Registration, f"{HEAD},{fields}}}".encode())


def test_a_thousand_rare_names_stay_as_they_are() -> None:
    names = rare_names(1000)
    assert len(names) == 1000
    assert [normalize_name(name) for name in names] == names


def test_every_character_of_every_block_is_kept() -> None:
    signs = [chr(code) for first, last in BLOCKS.values() for code in range(first, last + 1)]
    assert [sign for sign in signs if normalize_name(f"张{sign}") != f"张{sign}"] == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("张\u202e三", "张三"),
        ("张\n三", "张 三"),
        ("\u2028张\r\n\t三\u2029", "张 三"),
        ("张\0三", "张三"),
        ("张\u200b\ufeff\u2066三", "张三"),
        ("\x1b[31m张", "[31m张"),
        ("  李  敏 ", "李 敏"),
        ("e\u0301", "é"),
        ("张\ud840", "张\ufffd"),
    ],
)
def test_what_nobody_sees_does_not_get_in(written: str, kept: str) -> None:
    assert normalize_name(written) == kept


def test_a_name_that_is_too_long_is_seen_to_be_cut() -> None:
    assert normalize_name("张" * 500) == "张" * (LONGEST_NAME - 1) + "…"


@given(st.text(max_size=80))
def test_a_stored_name_stays_as_it_is_on_one_line(text: str) -> None:
    name = normalize_name(text)
    assert normalize_name(name) == name
    assert one_line(name) == name
    assert not {unicodedata.category(sign) for sign in name} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("surname", "salutation", "parted"),
    [
        ("张女士", "女士", ("张", "女士")),
        ("张女士女士", "女士", ("张", "女士")),
        ("张女士", None, ("张", "女士")),
        ("欧阳小姐", "女士", ("欧阳", "女士")),
        ("女士", "女士", ("女士", "女士")),
        ("张", "先生", ("张", "先生")),
        ("张", None, ("张", None)),
    ],
)
def test_a_title_is_said_once(
    surname: str, salutation: str | None, parted: tuple[str, str | None]
) -> None:
    assert surname_and_title(surname, salutation) == parted


def test_messages_hold_clean_names_and_texts() -> None:
    message = registered(r'"surname":"张女士","salutation":"女士","note":"a\n\u202eb","phone":null')
    assert (message.surname, message.salutation, message.note) == ("张", "女士", "a b")
    report = StaffReport(
        report_id="x", staff_id="li", kind=ReportKind.GREETED, reported_at=NINE, surname="\u200b"
    )
    assert report.surname is None


@pytest.mark.parametrize("phone", ["1380013", "138****8000", "八六"])
def test_a_phone_that_is_none_is_refused_with_its_field(phone: str) -> None:
    with pytest.raises(MessageError, match="Registration: phone: This is no phone") as caught:
        registered(f'"phone":"{phone}"')
    assert "Registration：phone：这不是" in caught.value.sentence.in_language("zh-CN")


def test_a_plate_of_nothing_is_refused() -> None:
    with pytest.raises(MessageError, match="plates: This is no number plate"):
        registered('"plates":["· -"]')


def test_a_message_made_by_a_program_is_put_into_stored_form_too() -> None:
    check_in = CheckIn(
        check_in_id="c-1",
        kiosk_id="lobby",
        seq=1,
        checked_in_at=NINE,
        consented_at=NINE,
        phone="+86 138 0013 8000",
        plate="浙a·３３３３３",
    )
    assert (check_in.phone, check_in.plate) == ("13800138000", "浙A33333")
