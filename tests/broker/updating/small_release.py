"""A wheel called yingbin that does what an update asks of a release, and no more."""

import zipfile
from pathlib import Path

PROGRAM = """
import json, os, pathlib, signal, socket, sys, time
VERSION, KIND = "{version}", "{kind}"


def tell(state):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state, os.environ["NOTIFY_SOCKET"])


def hub(config):
    pathlib.Path(config).with_name("runs").write_text(VERSION)
    if KIND == "fails":
        sys.exit("the hub fails")
    if KIND != "hangs":
        tell(b"READY=1")
    while True:
        time.sleep(60)


def main():
    words = [word for word in sys.argv[1:] if word not in ("--lang", "en")]
    if words[0] == "hub":
        hub(words[-1])
    elif words[0] == "doctor":
        found = [{{"key": "page_silent", "is_wrong": True}}] if KIND == "sick" else []
        print(json.dumps({{"checks": [{{"check": "pages", "findings": found}}]}}))
    elif words[0] == "version":
        if KIND == "incomplete" and "--whole" in words:
            sys.exit("a module is missing")
        print("yingbin", VERSION)
"""

UNIT = "share/yingbin/systemd/yingbin-hub.service"


def unit_of(version: str) -> str:
    """What the hub's unit file of this release holds."""
    return f"# release {version}\n"


def write_wheel(folder: Path, version: str, kind: str = "good") -> Path:
    """The wheel of this version: a ``good`` one; it ``fails``, ``hangs``, is ``sick``, …"""
    folder.mkdir(parents=True, exist_ok=True)
    info, unit = f"yingbin-{version}.dist-info", f"yingbin-{version}.data/data/{UNIT}"
    files = {
        unit: unit_of(version),
        "yingbin.py": PROGRAM.format(version=version, kind=kind),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: yingbin\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nyingbin = yingbin:main\n",
    }
    record = f"{info}/RECORD"
    lines = [f"{name},," for name in (*files, record)]
    wheel = folder / f"yingbin-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for name, text in {**files, record: "\n".join(lines)}.items():
            packed.writestr(name, text)
    return wheel
