"""What belongs to the project: git's files, or those of an unpacked source archive."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILT = "yingbin.egg-info/"
"""Written by the build of a source archive, and the only folder of it that git does not keep."""


def kept_files() -> list[str]:
    """The names, from the root, of all files that git keeps or would keep."""
    if not (ROOT / ".git").exists():
        listed = (ROOT / BUILT / "SOURCES.txt").read_text(encoding="utf-8")
        names = [name for name in listed.splitlines() if not name.startswith(BUILT)]
    else:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        names = done.stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]
