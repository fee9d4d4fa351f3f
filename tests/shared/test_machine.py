import platform
import subprocess
import sys

import pytest

from shared.errors import OperatorError
from shared.machine import require_64_bit
from tests.kept_files import ROOT

READ_ON = """
import platform, sys
platform.machine = lambda: sys.argv[1]
import yingbin
status = yingbin.main(["--lang", sys.argv[2], "read", "gate/demo/01.jpg", "--json"])
print("imported:", *sorted({"numpy", "cv2", "onnxruntime"} & set(sys.modules)))
sys.exit(status)
"""


def read_on(machine: str, language: str) -> subprocess.CompletedProcess[str]:
    """`yingbin read` of a photo, where the machine calls itself ``machine``."""
    command = [sys.executable, "-c", READ_ON, machine, language]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("language", "problem"),
    [
        ("zh-CN", "32 位系统（armv7l）"),
        ("en", "32-bit (armv7l)"),
        ("zh-TW", "32 位元系統（armv7l）"),
    ],
)
def test_on_a_32_bit_system_a_command_says_so_before_it_misses_a_library(
    language: str, problem: str
) -> None:
    done = read_on("armv7l", language)
    assert done.returncode == 1
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == "imported:\n"


def test_a_64_bit_pi_reads_on() -> None:
    done = read_on("aarch64", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "imported: cv2 numpy onnxruntime" in done.stdout


def test_a_32_bit_python_below_a_64_bit_kernel_is_one_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    with pytest.raises(OperatorError, match=r"32-bit \(aarch64\)"):
        require_64_bit()
