"""Installs the project on the machine, and says what it lives through."""
import sys
from pathlib import Path
from tests.boot.machine import Machine
m = Machine(Path(sys.argv[1]))
try:
    print("booted in", m.switch_on())
    print(m.run("env PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels make -C /opt/yingbin install SETUP='--camera /opt/yingbin/gate/demo'", within_s=500))
    print(m.run("systemctl --failed; df -h /"))
    print("shut", m.shut_down())
finally:
    m.switch_off()
