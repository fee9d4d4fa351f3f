"""Other people's scripts and icons are what their README says; pages load none from elsewhere."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("broker/console/static/vendor", "kiosk/static/vendor", "shared/static/look/vendor")
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
each_folder = pytest.mark.parametrize("folder", [ROOT / name for name in FOLDERS], ids=FOLDERS)


def rows(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """Each script's file, package, version, licence file and digest."""
    return re.findall(
        r"^\| `([\w./]+)` \| npm package `([\w-]+)`.*\| ([\d.]+) "
        r"\| (?:MIT|ISC), `(.+?)` \| `([0-9a-f]{64})` \|$",
        (folder / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )


@each_folder
def test_vendored_files_are_what_their_readme_says(folder: Path) -> None:
    files = (path for path in folder.rglob("*.*") if path.suffix in {".js", ".svg"})
    vendored = {path.relative_to(folder).as_posix() for path in files}
    assert vendored
    assert {name for name, *_ in rows(folder)} == vendored
    for name, _, _, _, digest in rows(folder):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


@each_folder
def test_the_readme_names_the_version_that_the_lock_pins(folder: Path) -> None:
    for _, package, version, _, _ in rows(folder):
        assert LOCK[f"node_modules/{package}"]["version"] == version


def test_the_lock_names_no_registry() -> None:
    assert not [name for name, package in LOCK.items() if "resolved" in package]


@each_folder
def test_the_licence_lies_beside_the_script(folder: Path) -> None:
    for _, _, _, licence, _ in rows(folder):
        text = (folder / licence).read_text(encoding="utf-8")
        assert "MIT License" in text or "ISC License" in text
