from pathlib import Path

import pytest

from broker.site_key.key import FILE_NAME, SiteKey, key_in, make_key, read_key
from broker.site_key.sheet import in_groups, write_sheet
from broker.site_key.signing import FILE_NAME as SIGNING_NAME
from broker.site_key.signing import make_signer
from shared.errors import OperatorError


@pytest.fixture
def key(tmp_path: Path) -> SiteKey:
    return make_key(tmp_path / FILE_NAME)


def test_a_site_keeps_its_key_which_nobody_else_may_read(tmp_path: Path, key: SiteKey) -> None:
    assert make_key(tmp_path / FILE_NAME) == read_key(tmp_path / FILE_NAME) == key
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert key.text not in repr(key)


def test_the_key_is_read_as_it_is_typed_from_the_sheet(key: SiteKey) -> None:
    assert key_in(in_groups(key)) == key
    assert key_in(f"  {key.text.lower()}\n") == key


def test_a_slip_of_the_finger_is_told(key: SiteKey) -> None:
    other = "Q" if key.text[-1] != "Q" else "P"
    for typed in (key.text[:-1] + other, key.text[:-1], "", "AGE-SECRET-KEY-1"):
        with pytest.raises(OperatorError, match="compare it with the sheet"):
            key_in(typed)


def test_a_missing_and_a_damaged_key_file_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--print-key"):
        read_key(tmp_path / FILE_NAME)
    (tmp_path / FILE_NAME).write_bytes(b"\xff\x00")
    with pytest.raises(OperatorError, match="no whole key"):
        read_key(tmp_path / FILE_NAME)


def test_the_sheet_shows_the_key_as_text_and_as_a_code_and_is_as_secret(
    tmp_path: Path, key: SiteKey
) -> None:
    sheet = write_sheet(tmp_path, "西湖<壹>号", key, "zh-CN")
    page = sheet.read_text(encoding="utf-8")
    assert in_groups(key) in page
    assert "<svg" in page
    assert "西湖&lt;壹&gt;号" in page
    assert sheet.stat().st_mode & 0o777 == 0o600


def test_what_is_encrypted_is_read_only_whole_unchanged_and_with_the_key(
    tmp_path: Path, key: SiteKey
) -> None:
    plain, sealed, again = tmp_path / "plain", tmp_path / "sealed", tmp_path / "again"
    plain.write_bytes(b"13800138000 " * 20_000)
    key.encrypt(plain, sealed)
    key.decrypt(sealed, again)
    whole = sealed.read_bytes()
    assert again.read_bytes() == plain.read_bytes()
    assert b"13800138000" not in whole
    assert (sealed.stat().st_mode | again.stat().st_mode) & 0o777 == 0o600
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for broken in (whole[:-1], whole[:70_000], changed, b""):
        sealed.write_bytes(broken)
        with pytest.raises(OperatorError, match="cannot be opened"):
            key.decrypt(sealed, again)
    sealed.write_bytes(whole)
    with pytest.raises(OperatorError, match="cannot be opened"):
        make_key(tmp_path / "other.key").decrypt(sealed, again)


def test_the_sheet_shows_the_public_key_of_signed_heads_and_never_the_secret_one(
    tmp_path: Path, key: SiteKey
) -> None:
    page = write_sheet(tmp_path, "西湖", key, "en").read_text(encoding="utf-8")
    secret = tmp_path / SIGNING_NAME
    assert make_signer(secret).public in page
    assert secret.read_text(encoding="utf-8").strip() not in page
    assert secret.stat().st_mode & 0o777 == 0o600


def test_a_damaged_signing_key_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / SIGNING_NAME).write_bytes(b"\xff")
    with pytest.raises(OperatorError, match="signing key cannot be read"):
        make_signer(tmp_path / SIGNING_NAME)
