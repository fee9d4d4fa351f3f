"""One program of a kind for each data folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.errors import OperatorError
from shared.in_use import holding

HOLDING = """
import sys, time
from pathlib import Path
from shared.in_use import holding
with holding(Path(sys.argv[1]), "hub"):
    print("held", flush=True)
    time.sleep(300)
"""


def test_a_second_hub_on_a_folder_is_told_who_holds_it_until_that_one_dies(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        with pytest.raises(OperatorError) as refused, holding(tmp_path, "hub"):
            pass
        assert str(first.pid) in refused.value.sentence
        assert "已经在这里运行" in refused.value.sentence.in_language("zh-CN")
        first.send_signal(signal.SIGKILL)
        first.wait()
    with holding(tmp_path, "hub"):
        pass


def test_a_folder_is_free_again_after_the_work_also_where_it_failed(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), holding(tmp_path, "backup"):
            raise ZeroDivisionError


def test_root_leaves_a_lock_that_the_folder_s_owner_and_group_can_use(tmp_path: Path) -> None:
    tmp_path.chmod(0o770)
    if os.geteuid() == 0:
        os.chown(tmp_path, 1234, 1235)
    with holding(tmp_path, "backup"):
        lock, folder = (tmp_path / "backup.lock").stat(), tmp_path.stat()
    assert (lock.st_uid, lock.st_gid) == (folder.st_uid, folder.st_gid)
    assert lock.st_mode & 0o777 == 0o660


def test_programs_of_different_kinds_share_a_folder(tmp_path: Path) -> None:
    with holding(tmp_path, "gate"), holding(tmp_path, "kiosk"):
        held = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert held == dict.fromkeys(("gate.lock", "kiosk.lock"), f"{os.getpid()}\n")
