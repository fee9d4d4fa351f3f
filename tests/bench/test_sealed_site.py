"""A short round of the search through a site's files; and it does find what stands in one."""

from pathlib import Path

import pytest

from tests.bench.sealed_site import NAME, PHONE, PLATE, look_at, told_in


@pytest.mark.slow
def test_no_file_of_a_site_with_visitors_names_them_or_is_others_to_read(tmp_path: Path) -> None:
    look_at(tmp_path, visitors=3)


@pytest.mark.parametrize("word", [f"{PHONE}0001", f"{PLATE}001", f"{NAME}一"])
def test_whatever_stands_in_a_file_is_found(tmp_path: Path, word: str) -> None:
    path = tmp_path / "outbox.db"
    path.touch(mode=0o600)
    told_in(tmp_path)
    for form in ("utf-8", "gb18030", "unicode_escape"):
        path.write_bytes(b"... " + word.encode(form))
        with pytest.raises(AssertionError, match="outbox"):
            told_in(tmp_path)


def test_a_file_that_others_may_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.touch(mode=0o600)
    path.chmod(0o644)
    with pytest.raises(AssertionError, match="log"):
        told_in(tmp_path)
