"""Many threads hold no more memory than few: they take it from the same arenas."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, sys, threading
from shared.machine import share_memory

if sys.argv[2] == "shared":
    share_memory()
together = threading.Barrier(16)

def work():
    kept = [bytes(2000) for _ in range(100)]
    together.wait()

threads = [threading.Thread(target=work) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def arenas(folder: Path, how: str) -> int:
    """How many arenas a program with 16 busy threads has."""
    told = folder / how
    subprocess.run([sys.executable, "-c", PROGRAM, str(told), how], check=True)
    return told.read_text(encoding="ascii").count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's arenas")
def test_sixteen_threads_share_two_arenas(tmp_path: Path) -> None:
    assert arenas(tmp_path, "shared") == 2
    assert arenas(tmp_path, "each its own") > 2
