"""A night in which something is to be erased, on a disk that is full: it costs no visitor."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.disk_site import Site, filled
from tests.fakes import NINE, FakeClock
from tests.nights import assert_sound, kept
from tests.small_disk import small_disk

OLD = "浙A10001"


def _nights(site: Site, first_day: int, nights: int = 2) -> None:
    """The turns of these nights, and so many more as erasing takes."""
    for day in range(first_day, first_day + nights):
        site.clock.moment = NINE + timedelta(days=day, hours=17)
        for _ in range(100):
            site.turn()


@pytest.mark.parametrize("is_filled_before", [True, False], ids=["before", "in between"])
def test_what_lapses_on_a_full_disk_goes_as_soon_as_there_is_room(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, is_filled_before: bool
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        site = Site(disk.folder, clock, monkeypatch)
        site.car(1)
        if is_filled_before:
            filled(disk, site)
        _nights(site, 27)
        if not is_filled_before:
            filled(disk, site)
        assert OLD in kept(disk.folder, OLD)
        _nights(site, 33)
        site.car(9001)
        assert "a-9001" in site.heard()
        assert site.hub.disk.is_unsaved

        disk.make_room()
        for _ in range(3):
            site.turn()
        assert not site.hub.disk.is_unsaved
        assert "a-9001" in site.in_file()
        _nights(site, 40)
        assert kept(disk.folder, OLD) == set()
        last = site.hub.nightly.last
        assert last is not None
        assert last.is_complete
        assert last.is_swept
        assert_sound(site.hub, disk.folder)
