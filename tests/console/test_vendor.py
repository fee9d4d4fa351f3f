"""Other people's scripts are what their README says, and pages load nothing from elsewhere."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "broker/console/static/vendor"


def test_vendored_files_are_what_their_readme_says() -> None:
    rows = re.findall(
        r"^\| `([\w.]+)` \|.*\| ([\d.]+) \|.*`([0-9a-f]{64})` \|$",
        (VENDOR / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    scripts = {path.name for path in VENDOR.glob("*.js")}
    assert {name for name, _, _ in rows} == scripts
    for name, _, digest in rows:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_the_readme_names_the_version_that_the_lock_pins() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    version = lock["packages"]["node_modules/mqtt"]["version"]
    assert f"| {version} |" in (VENDOR / "README.md").read_text(encoding="utf-8")


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_the_licence_lies_beside_the_script() -> None:
    assert "MIT License" in (VENDOR / "mqtt.LICENSE.md").read_text(encoding="utf-8")
