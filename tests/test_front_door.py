import pytest

import yingbin
from shared import VERSION


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
