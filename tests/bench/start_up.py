"""How soon a fresh process has read its first plate, and how much memory reading takes.

    python -m tests.bench.start_up [--runs 5] [--photo FILE]

Targets: 1.5 s from nothing to the first reading, 250 MB for the gate. The gate is the real
program on a folder of the demo's pictures, without an MQTT server, for ``--gate`` seconds.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from gate import reader
from tests.bench.table import table
from tests.site import ROOT

DEMO = Path(reader.__file__).parent / "demo"
TARGET_S = 1.5
TARGET_MB = 250
