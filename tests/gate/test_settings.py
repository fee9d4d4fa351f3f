import re
from pathlib import Path

import msgspec
import pytest

from gate.passing.vote import VoteRules
from gate.settings import GateSettings
from shared.config import read_config
from shared.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "gate" / "gate.example.toml"


def keys_of(kind: type) -> set[str]:
    """Every key below ``kind``, in tables too."""
    keys = set()
    for each in msgspec.structs.fields(kind):
        is_table = isinstance(each.type, type) and issubclass(each.type, msgspec.Struct)
        keys |= keys_of(each.type) if is_table else {each.encode_name}
    return keys


def with_lines(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_file_can_be_used_as_it_is() -> None:
    settings = read_config(GateSettings, EXAMPLE)
    assert (settings.site, settings.gate_id) == ("xihu", "north")
    assert settings.database_path == Path("/var/lib/yingbin/gate/gate.sqlite3")


def test_the_example_file_explains_every_key_and_no_other() -> None:
    shown = set(re.findall(r"^(?:# )?(\w+) = ", EXAMPLE.read_text(encoding="utf-8"), re.M))
    assert shown == keys_of(GateSettings)


def test_the_values_shown_as_comments_are_the_ones_that_hold_without_them(tmp_path: Path) -> None:
    text = re.sub(r"^# (\w+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.M)
    assert read_config(GateSettings, with_lines(tmp_path, text)) == read_config(
        GateSettings, EXAMPLE
    )


def test_the_vote_follows_the_settings(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("# min_reads = 2", "min_reads = 3")
    settings = read_config(GateSettings, with_lines(tmp_path, text))
    assert settings.vote.rules() == VoteRules(min_reads=3)


def test_at_night_the_vote_asks_for_what_the_settings_say_and_for_nothing_else(
    tmp_path: Path,
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("# window_s = 4.0", "window_s = 6.0")
    night = "[night]\ndarker_than = 40\nmin_reads = 3\nsure_confidence = 0.97\n"
    settings = read_config(GateSettings, with_lines(tmp_path, text.replace("[night]\n", night)))
    assert settings.night.darker_than == 40
    assert settings.night.rules(settings.vote.rules()) == VoteRules(
        min_reads=3, sure_confidence=0.97, window_s=6.0
    )


@pytest.mark.parametrize(
    ("line", "instead", "problem"),
    [
        ('source = "usb:0"', "", "source"),
        ('source = "usb:0"', 'source = "usb:0"\nfps = 3', "fps"),
        ("# images_days = 7", "images_days = 0", "images_days"),
        ('gate_id = "north"', 'gate_id = "north/1"', "gate_id"),
        ("# sure_confidence = 0.90", "sure_confidence = 90", "sure_confidence"),
        ('# pin = ""', 'pin = "12ab"', "pin"),
        ("# darker_than = 0.0", "darker_than = 230", "darker_than"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(
    tmp_path: Path, line: str, instead: str, problem: str
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert line in text
    with pytest.raises(ConfigError, match=problem):
        read_config(GateSettings, with_lines(tmp_path, text.replace(line, instead)))
