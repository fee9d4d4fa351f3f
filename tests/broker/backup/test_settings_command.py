"""``yingbin settings``: what the site chose as a file that people read, change and give back."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from broker.backup.settings_command import main as settings
from shared.command_line import Terminal
from shared.errors import OperatorError
from tests.hub_fixtures import clock, hub
from tests.importing_site import Running, running

__all__ = ["clock", "hub", "running"]


def said_by(data: Path, *words: str) -> str:
    """What the command says; it does what it is asked."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert settings([*words, "--data", str(data)], Terminal("en")) == 0
    return said.getvalue()


def test_settings_are_written_changed_tried_and_taken_by_one_entry(running: Running) -> None:
    data, hub = running
    file = data / "site-settings.toml"
    said_by(data, "export", str(file))
    text = file.read_text(encoding="utf-8")
    assert hub.people.names()["li"] in text
    assert "pins" not in text
    assert file.stat().st_mode & 0o077 == 0
    assert "as it is" in said_by(data, "import", str(file))
    new = '[passes.p-1]\nplate = "浙A00007"\nholder = "施工队"\n[policy]\nopen = 09:00:00\n'
    file.write_bytes(b"\xef\xbb\xbf" + (new + text).replace("\n", "\r\n").encode())
    kept = len(hub.choices.kept)
    assert "policy.open" in said_by(data, "import", str(file), "--dry-run")
    assert len(hub.choices.kept) == kept
    said_by(data, "import", str(file))
    change = hub.choices.kept[-1].change
    assert (len(hub.choices.kept), change.by, change.source) == (kept + 1, None, file.name)
    assert hub.decider.policy.open == "09:00"
    assert [held.holder for held in hub.people.passes] == ["施工队"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[policy]\nopen = '9'\n", "policy.open"),
        ("[policy]\nprotection_days = inf\n", "policy.protection_days"),
        ("[policy]\nno_such_rule = 1\n", "no_such_rule"),
        ("[staff.li]\nname = 3\n", "staff.li.name"),
        ("[stuff]\n", "stuff"),
        ("[policy\n", "TOML"),
    ],
)
def test_a_value_that_cannot_hold_is_named_and_nothing_is_taken(
    running: Running, text: str, named: str
) -> None:
    data, hub = running
    file = data / "site-settings.toml"
    file.write_text("[retention]\nalerts_days = 7\n" + text, encoding="utf-8")
    before = hub.choices.now
    with pytest.raises(OperatorError, match=named):
        said_by(data, "import", str(file))
    assert hub.choices.now == before


def test_a_file_that_is_not_there_is_named(running: Running) -> None:
    data, _ = running
    with pytest.raises(OperatorError, match="missing"):
        said_by(data, "import", str(data / "missing.toml"))
