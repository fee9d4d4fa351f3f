"""How soon a fresh process has read its first plate, and how much memory reading takes.

    python -m tests.bench.start_up [--runs 5] [--photo FILE] [--gate-s 20]

Targets: 1.5 s from nothing to the first reading, 250 MB for the gate. The gate is the real
program before a folder of the demo's pictures, without an MQTT server.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import gate
from tests.bench.table import table
from tests.site import ROOT

DEMO = Path(gate.__file__).parent / "demo"
TARGET_S = 1.5
TARGET_MB = 250.0

_TELLS_ITS_PEAK = """
import sys
from pathlib import Path
from yingbin import main
status = main(sys.argv[1:])
sys.stderr.write(Path("/proc/self/status").read_text())
sys.exit(status)
"""
_GATE = """
site = "bench"
gate_id = "bench"
data_dir = {data}
[camera]
source = {pictures}
is_repeated = true
[mqtt]
port = 1
username = "gate-bench"
password = "none"
"""


def first_read(photo: Path) -> tuple[float, float, float]:
    """Seconds that ``yingbin read`` takes for one photo, Python's own start included; seconds of
    a processor's work in it, which a busy machine does not lengthen; peak MB.
    """
    started, worked_s = time.perf_counter(), _children_worked_s()
    done = subprocess.run(
        [sys.executable, "-c", _TELLS_ITS_PEAK, "read", str(photo)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took_s = time.perf_counter() - started
    return took_s, _children_worked_s() - worked_s, _peak_mb(done.stderr)


def gate_mb(folder: Path, for_s: float) -> float:
    """The most memory that the gate held in its first ``for_s`` seconds."""
    config = folder / "gate.toml"
    places = {"data": json.dumps(str(folder / "data")), "pictures": json.dumps(str(DEMO))}
    config.write_text(_GATE.format(**places), encoding="utf-8")
    config.chmod(0o600)
    gate = subprocess.Popen(
        [sys.executable, "-m", "yingbin", "gate", "--config", str(config)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(for_s)
        return _peak_mb(Path(f"/proc/{gate.pid}/status").read_text(encoding="ascii"))
    finally:
        gate.terminate()
        gate.wait()


def _children_worked_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak_mb(status: str) -> float:
    (peak_kb,) = re.findall(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(peak_kb) / 1024


def main() -> int:
    """Print both; 1 where a target is missed."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--photo", type=Path, default=DEMO / "01.jpg")
    parser.add_argument("--gate-s", type=float, default=20.0)
    asked = parser.parse_args()
    runs = [first_read(asked.photo) for _ in range(asked.runs)]
    took_s, worked_s, read_mb = (median(column) for column in zip(*runs, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        running_mb = gate_mb(Path(folder), asked.gate_s)
    rows = [
        ("start to first reading", f"{took_s:.2f} s", f"{TARGET_S:.2f} s"),
        ("of that, processor's work", f"{worked_s:.2f} s", ""),
        ("yingbin read, peak memory", f"{read_mb:.0f} MB", ""),
        ("yingbin gate, peak memory", f"{running_mb:.0f} MB", f"{TARGET_MB:.0f} MB"),
    ]
    print(table(("", "measured", "target"), rows))
    return 0 if took_s < TARGET_S and running_mb < TARGET_MB else 1


if __name__ == "__main__":
    sys.exit(main())
