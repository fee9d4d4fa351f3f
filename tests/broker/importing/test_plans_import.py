"""Plans come out of a table: all of its rows or none, and each row that can't be said why."""

from pathlib import Path

import pytest

from broker.importing.import_command import main
from shared.command_line import Terminal
from tests.importing_site import Running, imports, running

__all__ = ["running"]

HEAD = "到访时间,结束时间,姓名,手机,车牌,接待级别,接待人,清场,人数,房间车位"


def table(data: Path, *lines: str, encoding: str = "utf-8") -> str:
    path = data / "plans.csv"
    path.write_text("\n".join((HEAD, *lines)), encoding=encoding)
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_table_of_plans_is_tried_and_entered_once(running: Running, encoding: str) -> None:
    data, hub = running
    file = table(
        data,
        "2030-01-07 10:00,11:00,贺总,,浙a·00005 浙A00006,A,,是,4,VIP1、A3",
        "2030/1/7 14:00,2030-01-07 15:00,,13900000001,,,李敏,,,",
        encoding=encoding,
    )
    status, said = imports(data, "plans", file, "--dry-run")
    assert (status, hub.decider.state.expected) == (0, ()), said
    assert "2 new" in said
    assert imports(data, "plans", file)[0] == 0
    vip, appointment = hub.decider.state.expected
    assert (vip.flag, vip.level, vip.is_exclusive, vip.party_size) == ("vip", "A", True, 4)
    assert (vip.plates, vip.rooms) == (("浙A00005", "浙A00006"), ("VIP1", "A3"))
    assert (appointment.flag, appointment.host_id) == ("appointment", "li")
    status, said = imports(data, "plans", file)
    assert (status, len(hub.decider.state.expected)) == (0, 2)
    assert "2 known" in said


def test_one_row_that_cannot_be_planned_leaves_everything_as_it_was(running: Running) -> None:
    data, hub = running
    file = table(
        data,
        "2030-01-07 10:00,11:00,贺总,,浙A00005,A,,是,,",
        "2030-01-07 11:10,12:00,万总,13900000001,,B,,,,",
        "07.01.2030,11:00,,13900000002,,A,,,,",
        "2020-01-07 10:00,11:00,,13900000002,,A,,,,",
        "2030-01-08 10:00,09:00,,13900000002,,A,,,,",
        "2030-01-08 10:00,11:00,贺总,,,A,,,,",
        "2030-01-08 10:00,11:00,,13900000002,,贵宾,,,,",
        "2030-01-08 10:00,11:00,,13900000002,,,谁呀,,,",
        "2030-01-08 10:00,,,13900000002,,,李敏,,,",
        "2030-01-08 10:00,11:00,,13900000002,,,李敏,是,,",
        "2030-01-08 10:00,11:00,,138000,,A,,,,",
        "2030-01-08 10:00,11:00,,13900000002,,A,,,很多,",
    )
    status, said = imports(data, "plans", file)
    assert (status, hub.decider.state.expected) == (1, ())
    for row in range(3, 14):
        assert f"row {row}" in said, said
    assert "01-07 11:30" in said


def test_the_empty_form_is_filled_in_and_its_own_line_is_nobodys(running: Running) -> None:
    data, hub = running
    form = data / "form.csv"
    assert main(["plans", "--template", str(form)], Terminal("zh-CN")) == 0
    with form.open("a", encoding="utf-8") as file:
        file.write("2030-01-07 10:00,,贺总,13900000001,,VIP,,否,,,走样板房\n")
    assert imports(data, "plans", str(form))[0] == 0
    assert [plan.note for plan in hub.decider.state.expected] == ["走样板房"]
