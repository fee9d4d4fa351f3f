"""A program that is started twice on one folder: the second start is refused, in plain words."""

from pathlib import Path

import pytest

import broker.__main__
import gate.__main__
import kiosk.__main__
from broker.launch import demo
from broker.launch.setup import Plan, Ports, read_or_make_secrets, write_settings
from broker.site_file import SitePeople
from shared.config import read_config
from shared.in_use import holding
from tests.fakes import NINE


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Path]:
    config = tmp_path / "config"
    config.mkdir()
    (config / "site.toml").write_text(demo.site_toml(NINE), encoding="utf-8")
    plan = Plan("xihu", "西湖", config, tmp_path, Ports(18830), "127.0.0.1", camera=str(tmp_path))
    return write_settings(plan, read_or_make_secrets(plan, read_config(SitePeople, plan.people)))


def test_a_second_hub_gate_or_tablet_says_who_is_there_and_touches_nothing(
    tmp_path: Path, settings: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        holding(tmp_path / "hub", "hub"),
        holding(tmp_path / "gate", "gate"),
        holding(tmp_path / "kiosk", "kiosk"),
    ):
        start_each_again(settings)
    said = capsys.readouterr().err
    assert "another hub or a restore is at work there (process" in said
    assert "gate 已经在这里运行" in said
    assert "kiosk 已經在這裡執行" in said
    for name in ("hub", "gate", "kiosk"):
        assert [path.name for path in (tmp_path / name).iterdir()] == [f"{name}.lock"]


def start_each_again(settings: dict[str, Path]) -> None:
    hub = broker.__main__.main(["--lang", "en", "hub", "--config", str(settings["hub"])])
    assert hub == 2
    assert gate.__main__.main(["--lang", "zh-CN", "--config", str(settings["gate"])]) == 2
    assert kiosk.__main__.main(["--lang", "zh-TW", "--config", str(settings["kiosk"])]) == 1
