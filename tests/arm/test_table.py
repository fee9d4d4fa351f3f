import pytest

from tests.arm import __main__ as command
from tests.arm.checks import CHECKS, Check, Shown
from tests.arm.machine import HERE


def shown_as(name: str, *, holds: bool) -> Check:
    return Check(name, f"what {name} claims", lambda: Shown(holds, "5 of 5"))


@pytest.mark.parametrize(
    ("first", "second", "status"), [(True, True, 0), (True, False, 1), (False, True, 1)]
)
def test_each_check_has_its_line_and_all_must_hold(
    first: bool,
    second: bool,
    status: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    checks = (shown_as("read", holds=first), shown_as("tests", holds=second))
    assert command.main([], checks) == status
    said = capsys.readouterr().out
    assert said.count("✓") == first + second
    assert said.count("✗") == 2 - first - second
    assert "what tests claims: 5 of 5" in said
    assert "Emulated" in said


def test_nothing_is_tried_on_a_machine_that_was_not_installed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    checks = (shown_as(command.NEEDED, holds=False), shown_as("read", holds=True))
    assert command.main([], checks) == 1
    assert "what read claims" not in capsys.readouterr().out


def test_a_check_is_chosen_by_its_name_and_an_unknown_one_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    checks = (shown_as("read", holds=False), shown_as("tests", holds=True))
    assert command.main(["tests"], checks) == 0
    assert command.main(["fly"]) == 2
    said = capsys.readouterr().err
    assert all(check.name in said for check in CHECKS)


def test_a_command_is_measured_with_its_status_and_what_it_says() -> None:
    ran = HERE.run("python", "-c", "print('here'); import sys; sys.exit('wrong')")
    assert (ran.status, ran.said) == (1, "here\nwrong\n")
    assert ran.peak_mb > 5
