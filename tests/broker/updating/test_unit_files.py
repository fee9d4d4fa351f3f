"""Unit files of a release in the place of another's: only where they differ and are ours."""

from pathlib import Path

import pytest

from broker.updating.unit_files import exchange_units

OLD, NEW, MINE = "# old\n", "# new\n", "# mine\n"
HUB = "yingbin-hub.service"


def environment(root: Path, unit: str | None) -> Path:
    """A release whose hub is run by this unit; None: by one that it does not bring."""
    folder = root / "share" / "yingbin" / "systemd"
    folder.mkdir(parents=True)
    if unit is not None:
        (folder / HUB).write_text(unit, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("there", "old", "new", "then", "is_told"),
    [
        (OLD, OLD, NEW, NEW, False),
        (NEW, OLD, NEW, NEW, False),  # begun before a power cut
        (MINE, OLD, NEW, MINE, True),
        (MINE, OLD, OLD, MINE, False),  # nothing new that could be told
        (None, OLD, NEW, None, True),  # somebody took it away
        (None, None, NEW, NEW, False),  # the first release that has it
        (OLD, OLD, None, OLD, False),
        (MINE, None, NEW, MINE, True),  # of a release that did not bring units yet
    ],
)
def test_a_unit_is_exchanged_where_it_differs_and_nobody_changed_it(
    tmp_path: Path,
    there: str | None,
    old: str | None,
    new: str | None,
    then: str | None,
    is_told: bool,
) -> None:
    folder, unit = tmp_path, tmp_path / HUB
    if there is not None:
        unit.write_text(there, encoding="utf-8")
        unit.chmod(0o644)
    before, after = environment(tmp_path / "1", old), environment(tmp_path / "2", new)
    told = [name for name, wanted in exchange_units(folder, before, after) if wanted.exists()]
    assert told == ([HUB] if is_told else [])
    assert (unit.read_text(encoding="utf-8") if unit.exists() else None) == then
    if then is not None:
        assert unit.stat().st_mode & 0o777 == 0o644
