import pytest

import yingbin
from shared import VERSION
from shared.command_line import locale_language
from shared.words import Sentence


def test_without_a_command_the_commands_are_listed_and_the_usage_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert yingbin.main([]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in yingbin.COMMANDS)


def test_help_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert yingbin.main(["--help"]) == 0
    assert "yingbin COMMAND" in capsys.readouterr().out


def test_an_unknown_command_names_itself_and_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert yingbin.main(["fly"]) == 2
    said = capsys.readouterr().err
    assert "'fly'" in said
    assert "read" in said


def test_the_release_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert yingbin.main(["version"]) == 0
    assert VERSION in capsys.readouterr().out


@pytest.mark.parametrize("command", sorted(set(yingbin.COMMANDS) - {"version"}))
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        yingbin.main([command, "--help"])
    assert ended.value.code == 0
    assert "usage:" in capsys.readouterr().out


def test_what_a_person_can_put_right_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert yingbin.main(["up"]) == 1
    assert "--demo" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--lang", "zh-TW", "up"], ["up", "--lang", "zh-TW"]])
def test_the_language_may_be_named_before_and_after_the_command(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert yingbin.main(words) == 1
    assert "沒有指明案場" in capsys.readouterr().err


def test_the_language_is_otherwise_that_of_the_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert yingbin.main(["fly"]) == 2
    assert "没有命令 'fly'" in capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "fr_FR.UTF-8")
    assert yingbin.main(["fly"]) == 2
    assert "'fly' is no command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_SG.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LC_ALL": "", "LANG": "zh_HK"}, "zh-TW"),
        ({"LC_ALL": "zh-Hant-TW", "LANG": "en_GB"}, "zh-TW"),
        ({"LC_ALL": "zh", "LANG": "en_GB"}, "zh-CN"),
    ],
)
def test_a_locale_names_a_language(environment: dict[str, str], language: str) -> None:
    assert locale_language(environment) == language


def test_a_language_that_nobody_wrote_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        yingbin.main(["up", "--lang", "fr"])
    assert ended.value.code == 2


@pytest.mark.parametrize("command", sorted(set(yingbin.COMMANDS) - {"version"}))
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_each_command_explains_itself_in_chinese(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        yingbin.main([command, "--help", "--lang", language])
    asked_in = Sentence("help.lang").in_language(language)
    assert "".join(asked_in.split()) in "".join(capsys.readouterr().out.split())
