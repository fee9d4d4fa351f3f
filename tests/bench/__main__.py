"""Every benchmark by its name: ``python -m tests.bench`` lists them, with a name it runs one.

    python -m tests.bench [NAME [options of its own …] | all]

``all`` runs what needs nothing but this machine and some minutes.
"""

import subprocess
import sys

from tests.bench.benches import BENCHES


def main(words: list[str]) -> int:
    """List them, or run what was asked for."""
    if not words:
        for bench in BENCHES:
            print(f"{bench.name:22}{bench.measures}")
        return 0
    name, *options = words
    if name == "all":
        command = [sys.executable, "-m", str(__package__)]
        quick = [bench.name for bench in BENCHES if bench.is_in_all]
        return max(subprocess.run([*command, bench]).returncode for bench in quick)
    chosen = next((bench for bench in BENCHES if bench.name == name), None)
    if chosen is None:
        print(f"There is no benchmark {name}; `python -m tests.bench` lists them.", file=sys.stderr)
        return 2
    chosen.run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
