"""Checks of the machine that the command runs on."""

import shutil
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from broker.doctor.finding import Finding, hint, wrong
from broker.doctor.patient import Patient

CV_PACKAGES = (
    *("opencv-python", "opencv-python-headless"),
    *("opencv-contrib-python", "opencv-contrib-python-headless"),
)
"""Packages that all install into the same folder, ``cv2``."""
TOLD_WITHIN_S = 10.0
WATCHDOG = Path("/sys/class/watchdog/watchdog0")
"""What the kernel says of the machine's first hardware watchdog."""


def opencv(_patient: Patient) -> Iterator[Finding]:
    """Only one OpenCV is installed: of two, removing either breaks the other."""
    found = [name for name in CV_PACKAGES if _is_installed(name)]
    if len(found) > 1:
        yield wrong("two_opencvs", names=", ".join(found))


def clock(_patient: Patient) -> Iterator[Finding]:
    """The clock is synchronized over the network."""
    asked = ("timedatectl", "show", "--property", "NTPSynchronized", "--value")
    if _told_by(asked) == "no":
        yield hint("clock_not_set")


def watchdog(_patient: Patient) -> Iterator[Finding]:
    """A machine that hangs is restarted by its hardware watchdog, if it has one.

    What was asked of systemd says little: hardware that can't count as far is left switched off.
    """
    asked = _told_by(_manager("RuntimeWatchdogUSec"))
    if asked is None or not WATCHDOG.exists():
        return
    if asked in ("", "0", "infinity"):
        yield hint("watchdog_not_asked")
    elif not _is_watchdog_in_force():
        yield wrong("watchdog_off", asked=asked)


def _is_watchdog_in_force() -> bool:
    """What the kernel says; where it is built to say nothing, whether systemd ever fed it."""
    state = WATCHDOG / "state"
    if state.exists():
        return state.read_text(encoding="ascii").strip() == "active"
    return _told_by(_manager("WatchdogLastPingTimestamp")) not in (None, "", "n/a")


def _manager(name: str) -> tuple[str, ...]:
    """The command that tells a property of systemd itself."""
    return ("systemctl", "show", "--property", name, "--value")


def screen(_patient: Patient) -> Iterator[Finding]:
    """If this machine has a browser, there is a font with Chinese characters."""
    has_browser = any(map(shutil.which, ("chromium", "chromium-browser", "firefox-esr", "firefox")))
    if has_browser and shutil.which("fc-list") and _told_by(("fc-list", ":lang=zh")) == "":
        yield hint("no_chinese_font")


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _told_by(command: tuple[str, ...]) -> str | None:
    """What ``command`` prints; None if it is not installed or fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TOLD_WITHIN_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
