"""What running a network leaves behind on the machine: nothing."""

import os
import subprocess
import sys
from pathlib import Path

from tests.kept_files import ROOT

READ_AND_COUNT_THREADS = """
import os
from pathlib import Path
from gate.camera.picture import read_picture
from gate.reader.readers import open_engine
open_engine("yingbin").read(read_picture(Path("gate/demo/01.jpg")))
print(len(os.listdir("/proc/self/task")))
"""


def threads_after_reading(home: Path, **told: str) -> int:
    """How many threads live in a fresh process once it has read a photo."""
    kept = {name: os.environ[name] for name in ("PATH", "QEMU_CPU") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", READ_AND_COUNT_THREADS],
        cwd=ROOT,
        env={**kept, **told, "HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_reading_a_plate_writes_nothing_into_the_user_s_home(tmp_path: Path) -> None:
    threads_after_reading(tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_nobody_is_left_in_the_process_who_would_report_its_use_to_the_network(
    tmp_path: Path,
) -> None:
    silenced = threads_after_reading(tmp_path, ORT_DISABLE_TELEMETRY="1")
    assert threads_after_reading(tmp_path) == silenced
