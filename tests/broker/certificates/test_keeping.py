import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broker.certificates.issuing import AUTHORITY_FROM, AUTHORITY_TO, facts_of
from broker.certificates.keeping import (
    AUTHORITY,
    AUTHORITY_KEY,
    FOLDER,
    RENEWED_BEFORE,
    SERVER,
    authority_in,
    fingerprint,
    is_due,
    keep,
)
from broker.certificates.machine_names import machine_names
from shared.errors import OperatorError
from tests.fakes import NINE

HERE = ("127.0.0.1", "192.168.1.20", "hub", "hub.local", "localhost")


def made(config: Path, moment: datetime = NINE, names: tuple[str, ...] = HERE) -> bool:
    return keep(config, "西湖壹号", moment, names)


def server(config: Path) -> str:
    return (config / FOLDER / SERVER).read_text("ascii")


def authority(config: Path) -> bytes:
    return (config / FOLDER / AUTHORITY).read_bytes()


def test_a_site_gets_an_authority_and_a_certificate_for_all_its_names(tmp_path: Path) -> None:
    assert is_due(tmp_path / FOLDER, NINE, HERE)
    assert made(tmp_path)
    facts = facts_of(server(tmp_path))
    assert facts.names == set(HERE)
    assert facts.valid_from < NINE < facts.valid_to
    assert not made(tmp_path)


def test_nobody_else_of_the_machine_can_read_a_secret_key(tmp_path: Path) -> None:
    made(tmp_path)
    for path in (tmp_path / AUTHORITY_KEY, tmp_path / FOLDER / SERVER):
        assert "PRIVATE KEY" in path.read_text("ascii")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
    assert b"PRIVATE" not in authority(tmp_path)


def test_thirty_days_before_its_end_it_is_renewed_and_phones_still_trust_it(tmp_path: Path) -> None:
    made(tmp_path)
    before, trusted = server(tmp_path), authority(tmp_path)
    due_at = facts_of(before).valid_to - RENEWED_BEFORE
    assert not made(tmp_path, due_at - timedelta(seconds=1))
    assert made(tmp_path, due_at)
    assert facts_of(server(tmp_path)).valid_to > facts_of(before).valid_to
    assert authority(tmp_path) == trusted


def test_what_a_wrong_clock_made_is_made_again_by_the_right_one(tmp_path: Path) -> None:
    made(tmp_path, NINE + timedelta(days=3650))
    assert made(tmp_path, NINE)
    facts = facts_of(server(tmp_path))
    assert facts.valid_from < NINE < facts.valid_to
    assert facts_of(authority(tmp_path).decode()).valid_from == AUTHORITY_FROM
    assert facts_of(authority(tmp_path).decode()).valid_to == AUTHORITY_TO


def test_a_machine_with_a_new_address_gets_a_new_certificate(tmp_path: Path) -> None:
    made(tmp_path)
    assert made(tmp_path, names=(*HERE, "192.168.1.77"))
    assert "192.168.1.77" in facts_of(server(tmp_path)).names
    assert not made(tmp_path)


def test_what_the_authority_cannot_vouch_for_is_left_out_and_not_tried_again(
    tmp_path: Path,
) -> None:
    made(tmp_path)
    assert made(tmp_path, names=(*HERE, "bank.example", "8.8.8.8"))
    assert facts_of(server(tmp_path)).names == set(HERE)
    assert not made(tmp_path, names=(*HERE, "bank.example", "8.8.8.8"))


def test_an_odd_address_that_the_machine_has_at_the_beginning_is_vouched_for(
    tmp_path: Path,
) -> None:
    made(tmp_path, names=("localhost", "1.1.1.20"))
    assert facts_of(server(tmp_path)).names == {"localhost", "1.1.1.20"}


def test_an_owner_s_own_certificate_stays(tmp_path: Path) -> None:
    made(tmp_path)
    own = server(tmp_path).partition("\n")[2]  # without our note
    (tmp_path / FOLDER / SERVER).write_text(own, "ascii")
    assert not made(tmp_path, NINE + timedelta(days=3650))
    assert server(tmp_path) == own


def test_a_lost_key_is_told_before_phones_lose_their_trust(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / AUTHORITY_KEY).unlink()
    trusted = authority(tmp_path)
    with pytest.raises(OperatorError, match=r"site-ca\.key: .*backup"):
        made(tmp_path, NINE + timedelta(days=3650))
    assert authority(tmp_path) == trusted


def test_the_fingerprint_is_the_one_that_phones_show(tmp_path: Path) -> None:
    assert authority_in(tmp_path / FOLDER) is None
    made(tmp_path)
    der = authority_in(tmp_path / FOLDER)
    assert der is not None
    shown = fingerprint(der).split()
    assert len(shown) == 32
    assert all(len(byte) == 2 for byte in shown)


def test_this_machine_knows_its_own_names() -> None:
    assert machine_names() >= {"localhost", "127.0.0.1"}
