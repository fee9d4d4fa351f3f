"""The site's file: keys are stored in one form, and a mistake is named where it stands."""

from pathlib import Path

import pytest

from broker.site_file import SitePeople
from shared.config import read_config
from shared.errors import ConfigError

STAFF = """\
[[staff]]
id = "li"
name = " 李\u200b敏"
roles = ["consultant"]
pin = "204817"
[[staff]]
id = "wang"
name = "王强"
roles = ["consultant"]
pin = "771302"
"""
DOOR = STAFF.replace('["consultant"]\npin = "771302"', '["door"]\npin = "771302"')
CUSTOMER = """\
[[registered]]
consultant = "{consultant}"
at = 2026-11-10T10:00:00+08:00
surname = "张女士"
salutation = "女士"
phone = "{phone}"
plates = ["浙a·３３３３３"]
"""


def people(folder: Path, *blocks: str, order: str = '"li", "wang"') -> SitePeople:
    path = folder / "site.toml"
    path.write_text(f"order = [{order}]\n" + "".join(blocks), encoding="utf-8")
    return read_config(SitePeople, path)


def customer(consultant: str = "li", phone: str = "138 0013-8000") -> str:
    return CUSTOMER.format(consultant=consultant, phone=phone)


def test_plates_phones_and_names_are_kept_in_their_stored_form(tmp_path: Path) -> None:
    site = people(tmp_path, STAFF, customer())
    (known,) = site.registered
    assert site.staff[0].name == "李敏"
    assert (known.plates, known.phone) == (("浙A33333",), "13800138000")
    assert (known.surname, known.salutation) == ("张", "女士")


@pytest.mark.parametrize(
    ("order", "blocks", "said"),
    [
        ('"li"', (DOOR, customer(), customer("wang")), r":20: registered\.consultant: .* id wang"),
        ('"li"', (STAFF, customer(), customer("li", "1380013")), r":24: registered\[2\]\.phone = "),
        ('"li"', (STAFF, STAFF), r":13: staff\.id: li is used twice"),
        ('"li"', ("",), r"`staff` is missing"),
    ],
)
def test_a_mistake_is_named_with_line_key_and_value(
    tmp_path: Path, order: str, blocks: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        people(tmp_path, *blocks, order=order)


def test_who_puts_another_post_into_the_line_is_told_in_chinese_what_to_write(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError) as caught:
        people(tmp_path, DOOR)
    said = caught.value.sentence.in_language("zh-CN")
    assert 'site.toml:1：order = ["li", "wang"]：没有 id 为 wang 的置业顾问' in said
    assert "has_left = true" in said


def test_whose_block_was_taken_out_is_a_stranger_and_no_reason_to_stop(tmp_path: Path) -> None:
    site = people(tmp_path, STAFF, customer("zhao"), order='"li", "chen"')
    assert site.strangers == ("chen", "zhao")
