"""What a site takes for a release, and what it refuses: nothing is changed then."""

import shutil
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from broker.updating.making_release import make_release
from broker.updating.placing import refuse_unfit, refuse_without_room
from broker.updating.release_file import MANIFEST, Manifest, Version, checked, unpack_release
from broker.updating.removable import mounted_media, newest_release
from broker.updating.signature import Keys, make_signing_key, trusted_keys
from shared.errors import OperatorError
from tests.broker.updating.small_release import write_wheel


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "secret.key"


@pytest.fixture
def keys(key: Path, tmp_path: Path) -> Keys:
    (tmp_path / "release.pub").write_text(f"# ours\n{make_signing_key(key)} office\n")
    return trusted_keys(None, tmp_path)


@pytest.fixture
def release(key: Path, keys: Keys, tmp_path: Path) -> Path:
    assert keys
    return make(tmp_path / "1.2.3", key, "1.2.3")


def make(folder: Path, key: Path, version: str, *libraries: str) -> Path:
    wheel = write_wheel(folder, version)
    for name in libraries:
        shutil.copy(wheel, folder / name)
    return make_release(folder, key, folder)


def test_a_release_says_what_it_is_and_holds_what_it_says(
    release: Path, keys: Keys, tmp_path: Path
) -> None:
    manifest = checked(release, keys)
    assert (manifest.version, manifest.machine, manifest.python) == ("1.2.3", None, None)
    (tmp_path / "out").mkdir()
    assert unpack_release(release, keys, tmp_path / "out") == manifest
    wheel = release.with_name(manifest.own.name)
    assert (tmp_path / "out" / wheel.name).read_bytes() == wheel.read_bytes()
    assert release.name == "yingbin-1.2.3.yingbin-release"


def test_the_same_wheels_make_the_same_file(release: Path, key: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    again = make_release(release.parent, key, tmp_path / "again")
    assert again.read_bytes() == release.read_bytes()


def test_a_file_that_was_cut_anywhere_is_refused(release: Path, keys: Keys) -> None:
    content = release.read_bytes()
    with tarfile.open(release) as tar:
        last = tar.getmembers()[-1]
    for end in [*range(0, last.offset_data + last.size, 97), last.offset_data + last.size - 1]:
        release.write_bytes(content[:end])
        with pytest.raises(OperatorError, match=r"cut, damaged or no release"):
            checked(release, keys)


def test_one_changed_byte_anywhere_is_found(release: Path, keys: Keys) -> None:
    content = release.read_bytes()
    with tarfile.open(release) as tar:
        members = [(member.offset_data, member.size) for member in tar]
    places = [at for start, size in members for at in (start, start + size // 2, start + size - 1)]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1
        release.write_bytes(changed)
        with pytest.raises(OperatorError):
            checked(release, keys)


def test_a_release_of_somebody_else_is_refused(release: Path, tmp_path: Path) -> None:
    (tmp_path / "other.pub").write_text(make_signing_key(tmp_path / "other.key"))
    with pytest.raises(OperatorError, match="not signed by anybody whom this site trusts"):
        checked(release, trusted_keys(tmp_path / "other.pub", tmp_path))


def test_what_was_added_to_a_signed_file_is_refused(release: Path, keys: Keys) -> None:
    with tarfile.open(release, "a:") as tar:
        tar.addfile(tarfile.TarInfo("more.whl"), BytesIO())
    with pytest.raises(OperatorError, match="more in it than was signed"):
        checked(release, keys)


def packed(path: Path, *files: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:") as tar:
        for member, content in files:
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
    return path


def test_a_tar_with_paths_or_links_is_no_release(keys: Keys, tmp_path: Path) -> None:
    link = tarfile.TarInfo(MANIFEST)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    for first in (link, tarfile.TarInfo(f"../{MANIFEST}")):
        path = packed(tmp_path / "x", (first, b""))
        with pytest.raises(OperatorError, match="not where it should be"):
            checked(path, keys)


@pytest.mark.parametrize("text", ["", "# nobody\n", "\n"])
def test_a_site_that_trusts_nobody_says_how_to_trust(text: str, tmp_path: Path) -> None:
    (tmp_path / "release.pub").write_text(text)
    with pytest.raises(OperatorError, match="trusts nobody yet"):
        trusted_keys(None, tmp_path)


@pytest.mark.parametrize("text", ["no key", "AAAA", "é"])
def test_a_key_that_is_none_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "mine.pub").write_text(text)
    with pytest.raises(OperatorError, match=r"mine\.pub: holds no usable release key"):
        trusted_keys(tmp_path / "mine.pub", tmp_path)


def test_a_secret_key_is_nobody_else_s_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    make_signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OperatorError, match="is there already"):
        make_signing_key(path)


def manifest_of(release: Path, keys: Keys, **changed: object) -> Manifest:
    return msgspec.structs.replace(checked(release, keys), **changed)


@pytest.mark.parametrize(
    ("changed", "installed", "why"),
    [
        ({}, "1.2.3", "not newer than the one that runs, 1.2.3"),
        ({}, "1.10.0", "not newer than the one that runs, 1.10.0"),
        ({"machine": "pdp11"}, "1.2.2", "for pdp11"),
        ({"python": "2.7"}, "1.2.2", "for Python 2.7"),
    ],
)
def test_a_release_that_does_not_fit_is_refused(
    release: Path, keys: Keys, changed: dict[str, object], installed: str, why: str
) -> None:
    with pytest.raises(OperatorError, match=why):
        refuse_unfit(manifest_of(release, keys, **changed), Version.of(installed))


def test_a_newer_release_for_this_machine_fits(release: Path, keys: Keys) -> None:
    refuse_unfit(manifest_of(release, keys), Version.of("1.2.2"))


def test_a_release_that_would_fill_the_disk_is_refused(
    release: Path, keys: Keys, tmp_path: Path
) -> None:
    manifest = manifest_of(release, keys, unpacked=10**18)
    with pytest.raises(OperatorError, match="MB are missing for the update"):
        refuse_without_room(tmp_path, manifest, 0)


def test_wheels_say_for_which_machine_and_python_a_release_is(key: Path, tmp_path: Path) -> None:
    make_signing_key(key)
    public = "numpy-2.4.6-cp311-cp311-manylinux_2_28_aarch64.whl"
    path = make(tmp_path / "pi", key, "1.0.0", public, "flask-3.1.3-py3-none-any.whl")
    assert path.name == "yingbin-1.0.0-aarch64.yingbin-release"
    shutil.copy(path.with_name(public), path.with_name(public.replace("aarch64", "x86_64")))
    with pytest.raises(OperatorError, match="different machines or Pythons"):
        make_release(path.parent, key, tmp_path)


def test_a_folder_without_our_wheel_makes_no_release(key: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="holds no wheel of Yingbin"):
        make_release(tmp_path, key, tmp_path)


@pytest.mark.parametrize("text", ["1.2", "1.2.3.4", "v1.2.3", "1.2.x", "../1.2.3", "1.2.3\n"])
def test_what_is_no_version_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        Version.of(text)


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-6000])


@pytest.mark.parametrize("harm", [spoil, Path.unlink])
def test_a_stick_gives_the_newest_good_release(
    key: Path, keys: Keys, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for version in ("0.9.0", "0.10.0", "0.11.0"):
        make(tmp_path / version, key, version).rename(stick / f"{version}.yingbin-release")
    harm(stick / "0.11.0.yingbin-release")
    found = newest_release((tmp_path / "gone", stick), keys, "x86_64")
    assert found.name == "0.10.0.yingbin-release"


def test_a_stick_with_nothing_good_says_what_is_wrong(
    release: Path, keys: Keys, tmp_path: Path
) -> None:
    spoil(release)
    with pytest.raises(OperatorError, match="cut, damaged or no release"):
        newest_release((release.parent,), keys, "x86_64")
    with pytest.raises(OperatorError, match="There is no release"):
        newest_release((tmp_path / "empty",), keys, "x86_64")


def test_what_is_plugged_in_and_mounted_is_looked_at(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/root / ext4 rw 0 0\n/dev/sda1 /media/pi/MY\\040STICK vfat rw 0 0\n"
        "tmpfs /run tmpfs rw 0 0\n/dev/sdb1 /mnt/usb exfat rw 0 0\n"
    )
    assert mounted_media(mounts) == (Path("/media/pi/MY STICK"), Path("/mnt/usb"))
