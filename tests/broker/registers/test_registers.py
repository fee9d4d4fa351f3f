"""The registers of a day: what they hold, who sees what; page, paper and file agree."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.console.register_view import RowsWanted
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.registers.all_registers import REGISTERS
from broker.registers.columns import FileReading, Mask, Scope
from broker.registers.days import days
from broker.registers.figures import FIGURES, figures_of
from broker.registers.sheets import Reader, head_of, shown_rows
from broker.rules.policy import Policy
from shared.messages import Registration
from shared.words import LANGUAGES
from tests.busy_day import FORMULA, OWNED_PHONE, PHONE, PLATE, comes
from tests.catalogues import table_of
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.hub_fixtures import PEOPLE
from tests.register_rows import (
    OPERATOR,
    TODAY,
    cells,
    hub,
    person,
    reading,
    rows,
    writer,
)

__all__ = ["hub"]

POSTS = (
    *("consultant", "desk", "steward", "gate", "parking", "door", "bar", "manager"),
    *("showflat", "cart"),
)
SEEN: dict[str, str] = {
    "visits": "consultant desk steward manager",
    "self_drive": "desk gate parking manager",
    "rotation": "consultant manager",
    "calls": "consultant manager",
    "diary": "consultant manager",
    "wishes": "consultant manager",
    "other_visitors": "desk steward gate door manager",
    "follow_ups": "consultant manager",
    "feedback": "consultant steward showflat manager",
    "complaints": "consultant manager",
    "open_cases": "desk manager",
    "repairs": "consultant desk manager",
    "cases": "consultant desk manager",
    "look_ups": "manager",
    "disputes": "consultant manager",
    "channels": "manager",
    "plans": "consultant steward manager",
    "duties": "manager",
    "reported": "manager",
    "passes": "gate manager",
    "summary": "manager",
}
"""Which posts open which register."""


def test_the_visit_register_tells_who_came_and_who_received(hub: Hub) -> None:
    first, own, _ = cells(hub, "visits")
    assert first["came"] == "09:01"
    assert (first["visitor"], first["phone"], first["plate"]) == (
        "赵女士",
        "139****0001",
        "浙A·0**01",
    )
    assert (first["party"], first["way"], first["origin"]) == (3, "自驾", "自然到访")
    assert (first["host"], first["owner"], first["marks"]) == ("李敏", "李敏", "有争议")
    assert (own["host"], own["origin"], own["way"]) == ("王强", "老客户", "步行")


def test_the_register_of_cars_tells_when_each_came_and_left(hub: Hub) -> None:
    (car,) = cells(hub, "self_drive")
    assert (car["car_came"], car["car_left"], car["stayed"]) == ("09:01", "09:23", 22)


def test_the_rotation_ledger_tells_each_turn_and_each_skip_with_its_reason(hub: Hub) -> None:
    told = cells(hub, "rotation")
    kinds = [line["what"] for line in told]
    assert kinds.count("接待（用轮次）") >= 1
    assert "轮空" in kinds
    assert all(line["why"] for line in told if line["what"] in ("轮空", "接待（用轮次）"))


def test_the_other_registers_have_what_happened(hub: Hub) -> None:
    (call,) = cells(hub, "calls")
    assert (call["visitor"], call["channel"]) == ("孙", "来电")
    (plan,) = cells(hub, "plans")
    assert (plan["name"], plan["plates"], plan["booked_by"]) == ("周总", "浙B·0**02", "陈经理")
    (duty,) = cells(hub, "duties")
    assert (duty["duty"], duty["state"], duty["reason"]) == ("巡逻", "未办成", FORMULA)
    (other,) = cells(hub, "other_visitors")
    assert other["left"] == "2026-11-23 09:25"
    (asked,) = cells(hub, "look_ups")
    assert (asked["who"], asked["looked_for"]) == ("王强", "浙A·0**01")
    (dispute,) = cells(hub, "disputes")
    assert dispute["claims"] == "王强（名片）、李敏（登记在先）"
    (wish,) = cells(hub, "wishes")
    assert (wish["visitor"], wish["purpose"], wish["area"]) == ("赵女士", "自住", "90–120 平")
    assert wish["wishes"] == "要南向"
    diary = {line["host"]: line for line in cells(hub, "diary")}
    assert (diary["李敏"]["seat"], diary["李敏"]["drinks"]) == ("VIP 室", "绿茶")
    assert str(diary["李敏"]["shown"]).startswith("样板房 09:02")
    assert diary["李敏"]["entered"] == "是"
    assert diary["李敏"]["wishes"] == "自住、90–120 平、要南向"


def test_a_channel_s_report_stands_beside_the_arrival_and_what_the_visitor_said(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    hub = open_hub(tmp_path, PEOPLE, Policy(), clock)
    known = Registration(registration_id="r-1", staff_id="wang", registered_at=clock())
    phones = ("13900000001", "13900000002", "13900000003")
    answers(hub, replace(known, phone=phones[0], channel="agency"))
    clock.pass_s(3600)
    late = replace(known, registration_id="r-2", phone=phones[1], registered_at=clock())
    answers(hub, replace(late, channel="agency"))
    answers(hub, replace(late, registration_id="r-3", phone=phones[2], channel="phone"))
    clock.pass_s(600)
    for number, phone in enumerate(phones, start=1):
        comes(hub, number, phone=phone, surname="赵")
        clock.pass_s(1)  # visits of one moment have no order
    first, second = cells(hub, "channels")
    assert (first["lead"], second["lead"]) == (70, 10)
    assert (first["reported_by"], first["reported_at"]) == ("王强", "2026-11-23 09:00")
    assert ("报备过晚" in str(first["marks"]), "报备过晚" in str(second["marks"])) == (False, True)
    assert "客户自述自然到访" in str(first["marks"])
    summary = dict(zip([*head_names("summary")], rows(hub, "summary")[0].cells, strict=True))
    assert (summary["figure_channels"], summary["figure_channel_late"]) == (2, 1)
    laxer = FileReading(hub.inbox.db, Policy(channel_lead_minutes=0), TODAY, TODAY, clock())
    (day,) = days(laxer.db, laxer.policy, TODAY, TODAY)
    assert figures_of(day, laxer)["channel_late"] == 1, "by the rules of that day"


def head_names(name: str) -> list[str]:
    return [column.name for column in REGISTERS[name].columns]


def test_a_day_without_anything_and_a_range_around_it_can_be_written_too(hub: Hub) -> None:
    for name in set(REGISTERS) - {"summary"}:
        assert rows(hub, name, first=date(2026, 11, 1), last=date(2026, 11, 20)) == []
    empty = rows(hub, "summary", first=date(2026, 11, 21), last=TODAY)
    assert [row.on.day for row in empty] == [21, 22, 23]
    assert set(empty[0].cells[1:-2]) == {0}


@pytest.mark.parametrize("post", POSTS)
def test_each_post_opens_its_registers_and_sees_no_phone_or_plate_that_is_not_its(
    hub: Hub, post: str
) -> None:
    reader = person(post)
    for name, register in REGISTERS.items():
        assert bool(register.scope(reader.roles)) == (post in SEEN[name].split()), name
        said = " ".join(str(cell) for row in rows(hub, name, reader) for cell in row.cells)
        assert PHONE not in said
        assert OWNED_PHONE not in said
        assert (PLATE in said) == (post in ("gate", "parking") and name == "self_drive"), name


def test_owner_and_host_see_their_own_customers_in_full_and_no_others(hub: Hub) -> None:
    wang, li = (person("consultant", staff_id=who) for who in ("wang", "li"))
    phones = [row["phone"] for row in cells(hub, "visits", wang)]
    assert phones[:2] == ["139****0001", OWNED_PHONE]
    assert [row["phone"] for row in cells(hub, "visits", li)][:2] == [PHONE, "138****8000"]
    assert {row["host"] for row in cells(hub, "diary", wang)} == {"王强"}
    assert cells(hub, "calls", wang) == []
    assert len(cells(hub, "disputes", wang)) == 1, "they claimed the visitor"


def test_nothing_is_masked_where_a_reason_is_on_record(hub: Hub) -> None:
    whole = Reader(None, is_whole=True)
    assert cells(hub, "visits", whole)[0]["phone"] == PHONE
    assert cells(hub, "self_drive", whole)[0]["plate"] == PLATE
    assert cells(hub, "plans", whole)[0]["plates"] == "浙B00002"


@pytest.mark.parametrize(
    ("typed", "count"),
    [("赵女士", 1), (PHONE, 1), ("139****0001", 1), ("浙A·00001", 1), ("李敏", 1), ("没有", 0)],
)
def test_what_is_typed_is_found_as_it_is_shown(hub: Hub, typed: str, count: int) -> None:
    assert len(rows(hub, "visits", wanted=RowsWanted(text=typed))) == count


def said_by_registers() -> set[str]:
    """Every sentence of the group ``register`` that the table leads to."""
    columns = {
        f"register.{head_of(column)}"
        for register in REGISTERS.values()
        for column in register.columns
    }
    titles = {f"register.title_{name}" for name in REGISTERS}
    return columns | titles | {f"register.figure_{figure.name}" for figure in FIGURES}


def test_every_title_column_and_number_has_its_words_and_none_is_left_over() -> None:
    table = {key for key in table_of("broker") if key.startswith("register.")}
    groups = ("register.title_", "register.column_", "register.figure_")
    assert said_by_registers() == {key for key in table if key.startswith(groups)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_register_can_be_read_in_every_language(hub: Hub, language: str) -> None:
    write = writer(hub, language)
    for register in REGISTERS.values():
        found = shown_rows(register, reading(hub), write, OPERATOR, RowsWanted())
        said = [str(cell) for row in found for cell in row.cells]
        assert not any("register." in text for text in said)


def test_every_register_has_a_row_that_says_who_opens_it() -> None:
    assert set(SEEN) == set(REGISTERS)
    for register in REGISTERS.values():
        assert set(register.seen_by.values()) <= set(Scope)
        assert all(column.mask in Mask for column in register.columns)
