"""What pip-audit found is told; a package of which the index knows nothing is not called clean."""

from collections.abc import Mapping

import msgspec

from tests.bench.audit import Audited, audited


def report(*packages: Mapping[str, object]) -> Audited:
    return audited(msgspec.json.encode({"dependencies": packages, "fixes": []}))


FINE = {"name": "segno", "version": "1.6.6", "vulns": []}
SKIPPED = {"name": "amqtt", "skip_reason": "Dependency not found on PyPI"}
BAD = {
    "name": "jinja2",
    "version": "3.1.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.1.9"], "aliases": []}],
}


def test_only_a_lock_of_which_all_is_known_and_nothing_bad_is_clean() -> None:
    assert report(FINE).is_clean
    assert not report(FINE, SKIPPED).is_clean
    assert not report(FINE, BAD).is_clean
    assert not report().is_clean


def test_an_advisory_is_told_with_what_mends_it() -> None:
    found = report(FINE, SKIPPED, BAD)
    assert found.vulnerable == ("jinja2 3.1.0: PYSEC-2026-1, mended in 3.1.9",)
    assert (found.clean, found.unknown) == (("segno",), ("amqtt",))
