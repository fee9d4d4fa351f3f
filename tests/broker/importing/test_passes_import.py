"""Known cars come out of a table: all of its rows or none, and each row that can't be said why."""

from pathlib import Path

import pytest

from broker.importing.import_command import main
from shared.command_line import Terminal
from shared.messages import PassKind
from tests.importing_site import Running, imports, running

__all__ = ["running"]

HEAD = "车牌,类别,持有人,证号,失效日期"


def table(data: Path, *lines: str, encoding: str = "utf-8") -> str:
    path = data / "passes.csv"
    path.write_text("\n".join((HEAD, *lines)), encoding=encoding)
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_table_of_passes_is_tried_entered_and_changed(running: Running, encoding: str) -> None:
    data, hub = running
    file = table(
        data, "浙a·00001,员工,小吴,0001,", "浙A00002,业主,,0002,2026-12-31", encoding=encoding
    )
    status, said = imports(data, "passes", file, "--dry-run")
    assert (status, hub.people.passes) == (0, ())
    assert "2 new" in said
    assert imports(data, "passes", file)[0] == 0
    assert [held.kind for held in hub.people.passes] == [PassKind.STAFF, PassKind.OWNER]
    status, said = imports(data, "passes", table(data, "浙A00001,员工,小赵,0001,"))
    assert (status, len(hub.people.passes)) == (0, 2)
    assert "1 changed" in said
    assert hub.people.passes[0].holder == "小赵"


def test_one_row_that_cannot_be_taken_leaves_everything_as_it_was(running: Running) -> None:
    data, hub = running
    file = table(
        data,
        "浙A00001,员工,,,",
        "浙A00002,客户,,,",
        "浙A00003,业主,,,31.12.",
        ",业主,,,",
        "浙a-00001,业主,,,",
        "不是车牌不是车牌不是车牌不是车牌不是车牌不是车牌,,,,",
    )
    status, said = imports(data, "passes", file)
    assert (status, hub.people.passes) == (1, ())
    for row in range(3, 8):
        assert f"row {row}" in said, said


def test_the_empty_form_is_filled_in_and_its_own_line_is_nobodys(running: Running) -> None:
    data, hub = running
    form = data / "form.csv"
    assert main(["passes", "--template", str(form)], Terminal("zh-CN")) == 0
    with form.open("a", encoding="utf-8") as file:
        file.write("浙A00009,看房车,,9,,,停车场\n")
    assert imports(data, "passes", str(form))[0] == 0
    assert [(held.plate, held.kind) for held in hub.people.passes] == [("浙A00009", PassKind.TOUR)]
