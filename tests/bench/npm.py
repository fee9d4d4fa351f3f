"""Packages of npm that a benchmark wants, in a folder below ``build``."""

import shutil
import subprocess
from pathlib import Path

from tests.site import ROOT


def install(place: Path, *packages: str) -> None:
    """Install them, and npm itself where it is missing."""
    if shutil.which("npm") is None:  # where Node.js is another's than Debian's, its npm would clash
        subprocess.run([ROOT / ".ci" / "apt", "npm"], check=True)
    npm = ("npm", "install", "--prefix", str(place), "--no-audit", "--no-fund", "--silent")
    subprocess.run([*npm, *packages], check=True)
