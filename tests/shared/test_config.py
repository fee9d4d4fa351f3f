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
        ('"rtsp://192.0.2.10/1"', "7", r"gate.toml:3: camera.source = 7: it must be text"),
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


LIST = """\
[[cameras]]
source = "a"
[[cameras]]
source = "b"
frames_per_second = "fast"
"""


class Many(Settings, frozen=True, kw_only=True):
    cameras: tuple[Camera, ...]


def test_of_several_blocks_the_right_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(LIST, encoding="utf-8")
    said = r'gate\.toml:5: cameras\[2\]\.frames_per_second = "fast": it must be a number'
    with pytest.raises(ConfigError, match=said):
        read_config(Many, path)
    path.write_text(LIST.replace('source = "b"\n', "").replace('"fast"', "5"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"gate\.toml:3: `source` is missing"):
        read_config(Many, path)


def test_the_mistake_is_told_in_the_reader_s_language(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD.replace('"rtsp://192.0.2.10/1"', "7"))
    said = caught.value.sentence.in_language("zh-CN")
    assert "gate.toml:3：camera.source = 7：应为带引号的文字，不是整数。请改正" in said


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD.replace('"secret"', "204817"))
    assert "mqtt.password" in str(caught.value)
    assert "204817" not in str(caught.value)


def test_a_mark_at_the_start_and_foreign_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_config(Example, path).gate_id == "north"


@pytest.mark.parametrize(("encoding", "line"), [("gbk", 2), ("utf-16", 1)])
def test_another_encoding_is_named_with_what_to_do(
    tmp_path: Path, encoding: str, line: int
) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("# gate\n# 大门\n" + GOOD, encoding=encoding)
    with pytest.raises(ConfigError, match=rf"gate\.toml:{line}: .*Save the file as UTF-8"):
        read_config(Example, path)


def test_a_missing_file_says_where_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Copy gate\.example\.toml"):
        read_config(Example, tmp_path / "gate.toml")
