"""``yingbin export``: a site's register as a file, masked unless a reason is on record."""

import csv
import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import openpyxl
import pytest

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.registers.all_registers import REGISTERS
from broker.registers.exporting import main
from broker.rules.policy import Policy
from shared.command_line import Terminal
from shared.errors import OperatorError
from tests.a_site import set_up_in
from tests.busy_day import PHONE, live_through
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.running_hub import acting

DAY = "2026-11-23"


@pytest.fixture
def site(tmp_path: Path, clock: FakeClock) -> tuple[Path, Hub]:
    """The settings of a site with a busy day in its hub's file, and that hub."""
    config = set_up_in(tmp_path)
    hub = open_hub(tmp_path / "state" / "hub", PEOPLE, Policy(), clock)
    live_through(hub, clock)
    return config / "hub.toml", hub


def export(config: Path, *words: str, language: str | None = None) -> str:
    """What the command says."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        terminal = Terminal(language or "en", language)
        assert main([*words, "--config", str(config)], terminal) == 0
    return said.getvalue()


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_register_is_written_in_both_formats(site: tuple[Path, Hub], tmp_path: Path) -> None:
    for name in REGISTERS:
        text, book = tmp_path / f"{name}.csv", tmp_path / f"{name}.xlsx"
        for path in (text, book):
            assert str(path) in export(site[0], name, "--on", DAY, "--out", str(path))
            assert path.stat().st_mode & 0o077 == 0, "only its owner may read it"
        sheet = openpyxl.load_workbook(book).worksheets[0]
        assert sheet.max_column == len(table(text)[0]) == len(REGISTERS[name].columns)
        assert sheet.max_row == len(table(text))


def test_the_heads_are_chinese_unless_another_language_is_asked_for(
    site: tuple[Path, Hub], tmp_path: Path
) -> None:
    out = tmp_path / "a.csv"
    export(site[0], "visits", "--on", DAY, "--out", str(out))
    assert table(out)[0][:3] == ["日期", "到访时间", "客户"]
    export(site[0], "visits", "--on", DAY, "--out", str(out), language="en")
    assert table(out)[0][:3] == ["Date", "Came at", "Customer"]


def test_a_file_lies_in_this_folder_and_is_named_for_its_days(
    site: tuple[Path, Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export(site[0], "visits", "--from", "2026-11-01", "--to", DAY, "--format", "csv")
    assert len(table(tmp_path / "visits_2026-11-01_2026-11-23.csv")) == 4
    export(site[0], "passes", "--on", DAY)
    assert (tmp_path / "passes_2026-11-23.xlsx").exists()


def test_phones_are_masked_and_whole_only_for_a_reason_that_the_hub_notes(
    site: tuple[Path, Hub], tmp_path: Path
) -> None:
    config, hub = site
    out, folder = tmp_path / "a.csv", tmp_path / "state" / "hub"
    words = ("visits", "--on", DAY, "--out", str(out))
    export(config, *words)
    assert PHONE not in out.read_text("utf-8")
    with pytest.raises(OperatorError):
        export(config, *words, "--unmask", "--reason", "审计")
    assert PHONE not in out.read_text("utf-8"), "no hub runs that could note it"
    with acting(hub, folder):
        export(config, *words, "--unmask", "--reason", "审计")
    assert PHONE in out.read_text("utf-8")
    export(config, "look_ups", "--on", DAY, "--out", str(out))
    last = table(out)[-1]
    assert "导出完整信息" in last
    assert "审计" in last


@pytest.mark.parametrize(
    "words",
    [
        ("visitors",),
        ("visits", "--on", "yesterday"),
        ("visits", "--on", "0001-01-01"),
        ("visits", "--from", DAY, "--to", "9999-12-31"),
        ("visits", "--on", DAY, "--to", DAY),
        ("visits", "--from", DAY, "--to", "2026-11-01"),
        ("visits", "--unmask"),
        ("visits", "--reason", "x"),
        ("visits", "--format", "pdf"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(site: tuple[Path, Hub], words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        export(site[0], *words)
    assert ended.value.code == 2


def test_a_folder_that_takes_nothing_is_named_and_an_old_file_stays(
    site: tuple[Path, Hub], tmp_path: Path
) -> None:
    with pytest.raises(OperatorError, match="nowhere"):
        export(site[0], "visits", "--on", DAY, "--out", str(tmp_path / "nowhere" / "a.csv"))


@pytest.mark.parametrize("out", ["", ".", "/", "folder", "file/a.csv", "a" * 300, "/dev/null"])
def test_what_is_no_file_is_named_and_stays_as_it_is(
    site: tuple[Path, Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").write_text("x", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OperatorError):
        export(site[0], "visits", "--on", DAY, "--out", out)
    assert sorted(tmp_path.rglob("*")) == before
    assert Path("/dev/null").is_char_device()
