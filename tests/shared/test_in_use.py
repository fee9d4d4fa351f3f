"""One program of a kind for each data folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.errors import OperatorError
from shared.in_use import hold

HOLDING = """
import sys, time
from pathlib import Path
from shared.in_use import hold
hold(Path(sys.argv[1]), "hub")
print("held", flush=True)
time.sleep(300)
"""


def test_a_second_hub_on_a_folder_is_told_who_holds_it_until_that_one_dies(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        with pytest.raises(OperatorError) as refused:
            hold(tmp_path, "hub")
        assert str(first.pid) in refused.value.sentence
        assert "已经在这里运行" in refused.value.sentence.in_language("zh-CN")
        first.send_signal(signal.SIGKILL)
        first.wait()
    hold(tmp_path, "hub")


def test_programs_of_different_kinds_share_a_folder(tmp_path: Path) -> None:
    hold(tmp_path, "gate")
    hold(tmp_path, "kiosk")
    held = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert held == dict.fromkeys(("gate.lock", "kiosk.lock"), f"{os.getpid()}\n")
