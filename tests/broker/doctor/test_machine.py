"""What the doctor finds on the machine itself."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from broker.doctor import machine
from broker.doctor.finding import Finding
from broker.doctor.patient import Patient, admit
from tests.fakes import NINE


def patient(folder: Path) -> Patient:
    """A site without settings: these checks look at none."""
    return admit(folder, {}, lambda: NINE)


def keys(found: Iterator[Finding]) -> list[str]:
    return [finding.key for finding in found]


def test_two_opencvs_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = patient(tmp_path)
    assert list(machine.opencv(site)) == []  # one OpenCV is installed here

    def installed(name: str) -> str:
        if "contrib" in name:
            raise metadata.PackageNotFoundError(name)
        return name

    monkeypatch.setattr(metadata, "distribution", installed)
    (found,) = machine.opencv(site)
    assert found.values["names"] == "opencv-python, opencv-python-headless"


def play(command: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``command`` be this shell script."""
    played = tmp_path / "bin" / command
    played.parent.mkdir()
    played.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    played.chmod(0o755)
    monkeypatch.setenv("PATH", str(played.parent), prepend=":")


@pytest.mark.parametrize(("said", "expected"), [("no", ["clock_not_set"]), ("yes", [])])
def test_a_clock_that_nobody_sets_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, expected: list[str]
) -> None:
    play("timedatectl", f"echo {said}", tmp_path, monkeypatch)
    assert keys(machine.clock(patient(tmp_path))) == expected


@pytest.mark.parametrize(
    ("asked", "told", "expected"),
    [
        ("0", "inactive", ["watchdog_not_asked"]),
        ("14s", "active", []),
        ("1min", "inactive", ["watchdog_off"]),  # above what the hardware can count
        ("14s", "Mon 2026-11-30 09:25:15 UTC", []),  # no state: when systemd fed it last
        ("1min", "", ["watchdog_off"]),
    ],
)
def test_a_hardware_watchdog_that_is_not_in_force_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    told: str,
    expected: list[str],
) -> None:
    script = f'case "$3" in RuntimeWatchdogUSec) echo {asked};; *) echo "{told}";; esac'
    play("systemctl", script, tmp_path, monkeypatch)
    monkeypatch.setattr(machine, "WATCHDOG", tmp_path / "watchdog0")
    assert keys(machine.watchdog(patient(tmp_path))) == []  # a machine without one
    (tmp_path / "watchdog0").mkdir()
    if told in ("active", "inactive"):
        (tmp_path / "watchdog0" / "state").write_text(f"{told}\n", encoding="ascii")
    assert keys(machine.watchdog(patient(tmp_path))) == expected
