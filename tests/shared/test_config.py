from pathlib import Path

import pytest

from shared.config import MqttSettings, Settings, read_config
from shared.errors import ConfigError


class Camera(Settings, frozen=True, kw_only=True):
    source: str
    frames_per_second: float = 5.0


class Example(Settings, frozen=True, kw_only=True):
    gate_id: str
    camera: Camera
    mqtt: MqttSettings


GOOD = """\
gate_id = "north"
[camera]
source = "rtsp://192.0.2.10/1"
[mqtt]
username = "gate-north"
password = "secret"
"""


def read(tmp_path: Path, text: str) -> Example:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(Example, path)


def test_settings_become_a_frozen_struct(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD)
    assert settings.camera == Camera(source="rtsp://192.0.2.10/1")
    assert settings.mqtt.port == 1883


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gate_id =", "gate_ID =", r"gate.toml:1: .*`gate_ID`"),
        ("source =", "sauce = 1\nsource =", r"gate.toml:3: .*`sauce`"),
        ('"rtsp://192.0.2.10/1"', "7", r"gate.toml:3: .*`\$.camera.source`"),
        ("[camera]", "[camera]\nframes_per_second = 'fast'", r"gate.toml:3: "),
        ("[mqtt]", "[mqtt]\nport = 'x'", r"gate.toml:5: .*port"),
        ('password = "secret"\n', "", r"gate.toml:4: .*`password`"),
        ('gate_id = "north"', "gate_id = ", r"no valid TOML.*line 1"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        read(tmp_path, GOOD.replace(old, new))


def test_a_missing_file_says_where_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Copy gate\.example\.toml"):
        read_config(Example, tmp_path / "gate.toml")
