"""A short round of the bench that sets weights side by side."""

import sys

import pytest

from gate.reader.recognise import MODEL
from gate.training.texts import KINDS_DRAWN
from shared.plate import PROVINCES
from tests.bench import strips


@pytest.mark.slow  # writes with a font that only `make test` installs
def test_every_kind_and_every_province_has_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["strips", str(MODEL), str(MODEL), "--each", "1"])
    assert strips.main() == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    drawn = {row[1]: row[2:] for row in rows if row[0] == "drawn"}
    assert set(drawn) == {*KINDS_DRAWN, *PROVINCES}
    assert all(count == "1" and one == other for count, one, other in drawn.values())
    assert sum(one == "100.0%" for _, one, _ in drawn.values()) > len(drawn) / 2
