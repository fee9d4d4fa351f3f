"""The settings file of a kiosk."""

import tomllib
from pathlib import Path

import pytest

import kiosk
from kiosk.settings import KioskSettings
from shared.config import read_config
from shared.errors import ConfigError

EXAMPLE = Path(kiosk.__file__).parent / "kiosk.example.toml"


def test_the_example_is_a_valid_settings_file_with_every_key() -> None:
    read_config(KioskSettings, EXAMPLE)
    written = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert set(written) == set(KioskSettings.__struct_fields__)


def test_every_key_of_the_example_stands_below_a_comment() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    blocks = "\n".join(lines).split("\n\n")
    assert all(block.startswith("#") for block in blocks)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('pin = "260719"', 'pin = "26"', "pin"),
        ('secret_key = "replace-this-by-a-long-random-text"', 'secret_key = "short"', "secret_key"),
        ("idle_warning_s = 20", "idle_warning_s = 30", "idle_warning_s"),
        ('kiosk_id = "lobby"', 'kiosk_id = "a/b"', "kiosk_id"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    file = tmp_path / "kiosk.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        read_config(KioskSettings, file)
