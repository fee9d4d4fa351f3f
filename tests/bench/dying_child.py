"""Stands in for `tests.bench.picture_fuzz_child`: picture 4 kills it as a library's fault would."""

import os
import signal
import sys

if __name__ == "__main__":
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        if number == 4:
            os.kill(os.getpid(), signal.SIGSEGV)
        print(number, "read", flush=True)
