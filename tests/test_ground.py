"""The ground: the locks fit pyproject.toml, the light install stays light."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import shared

ROOT = Path(__file__).parent.parent
PACKAGES = ("shared", "gate", "kiosk", "broker")
SIZE_LIMIT_MB = 380
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-test.lock")

IMPORTED_AS = {
    "chinesecalendar": "chinese_calendar",
    "opencv-python-headless": "cv2",
    "python-calamine": "python_calamine",
    "paho-mqtt": "paho",
    "phonenumberslite": "phonenumbers",
    "pyyaml": "yaml",
    "sqlite-utils": "sqlite_utils",
}
PART_OF_FLASK = {"itsdangerous", "jinja2", "markupsafe", "werkzeug"}
NEVER_IMPORTED = {"tzdata"}  # zoneinfo finds it
BROUGHT_BY_THE_SITE = {
    "apprise",
    "easyocr",
    "picamera2",
    "psycopg",
}  # extras, and a part of Raspberry Pi OS


def locked(lock: str) -> dict[str, list[Requirement]]:
    """By name, what ``lock`` pins: more than one entry where it depends on Python's version."""
    pins: dict[str, list[Requirement]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            pin = Requirement(line.removesuffix("\\"))
            pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pins


def version_of(pin: Requirement) -> Version:
    return Version(str(pin.specifier).removeprefix("=="))


def run_time() -> dict[str, Requirement]:
    wanted = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    return {canonicalize_name(requirement.name): requirement for requirement in wanted}


def imported(*folders: str) -> set[str]:
    """The outside packages that the product imports anywhere, also inside functions."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    names: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {*PACKAGES, "yingbin"}


@pytest.mark.parametrize(("lock", "extra"), [(LOCKS[0], None), (LOCKS[1], "test")])
def test_the_lock_holds_what_pyproject_asks_for(lock: str, extra: str | None) -> None:
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *PROJECT["dependency-groups"]["build"]]
    wanted += project["optional-dependencies"][extra] if extra else []
    pins = locked(lock)
    for line in wanted:
        requirement = Requirement(line)
        found = pins.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement.name} is not in {lock}: make lock"
        assert all(version_of(pin) in requirement.specifier for pin in found), "make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_the_lock_has_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-zA-Z])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|^--|find-links", text, re.MULTILINE)


def test_the_tests_run_on_the_versions_that_sites_run_on() -> None:
    light, test = (locked(lock) for lock in LOCKS)
    assert {name: test.get(name) for name in light} == light


def test_the_light_install_holds_no_torch_and_no_second_opencv() -> None:
    unwanted = re.compile(r"torch|nvidia|easyocr|opencv-(?!python-headless$)")
    assert [name for name in locked(LOCKS[0]) if unwanted.match(name)] == []


def test_the_light_install_stays_under_its_size() -> None:
    """Files of the locked packages as installed here; ``make size`` measures a real install."""
    total = 0
    for name in locked(LOCKS[0]):
        for file in metadata.distribution(name).files or []:
            path = Path(str(file.locate()))
            total += 0 if path.suffix == ".pyc" or not path.exists() else path.stat().st_size
    assert total / 2**20 < SIZE_LIMIT_MB


def test_every_import_is_declared_and_every_dependency_imported() -> None:
    declared = {IMPORTED_AS.get(name, name) for name in run_time()}
    used = imported(*PACKAGES) - imported("gate/training") - PART_OF_FLASK - BROUGHT_BY_THE_SITE
    assert used <= declared
    assert declared - NEVER_IMPORTED <= imported(*PACKAGES)


def test_every_dependency_has_its_reasons_in_decisions() -> None:
    text = (ROOT / "DECISIONS.md").read_text(encoding="utf-8")
    explained = {canonicalize_name(name) for name in re.findall(r"^### ([\w-]+)", text, re.M)}
    assert explained == set(run_time())


def test_the_version_stands_in_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(shared.VERSION)}\b", text, re.MULTILINE)


def test_what_contributing_tells_people_to_type_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets


def test_a_person_needs_no_more_than_fifteen_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert len(re.findall(r"^[a-z-]+:.*## ", makefile, re.MULTILINE)) <= 15


def test_what_calls_itself_pure_is_held_to_it() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (held,) = (each["source_modules"] for each in contracts if "no I/O" in each["name"])
    packages = tuple(f"{package}." for package in held)  # with the modules inside
    pure = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in PACKAGES
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bPure\b", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    }
    assert [module for module in sorted(pure) if not f"{module}.".startswith(packages)] == []
