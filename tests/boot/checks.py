"""What a site's machine lives through, one check after the other."""

import json
import re
import time
from collections.abc import Set as AbstractSet

from tests.boot.machine import Machine, MachineError
from tests.boot.programs import (
    BACK_WITHIN_S,
    PYTHON,
    UNITS,
    YINGBIN,
    await_all,
    await_next,
    kill,
    unit,
)

WATCHDOG_S = 15.0
"""WatchdogSec= of every unit."""
MARGIN_S = 10.0
"""The program may have shown a sign of life just now; then it must be ended and started anew."""
KILLS = 20
DOWN_WITHIN_S = 10.0
SHORT_S = 5
FIRST_ENTRIES, MOST_ENTRIES = 150_000, 1_200_000
"""How many entries are mended; as many as it takes to be longer than allowed."""
_MANY_ENTRIES = """
import os, pathlib, sys
from shared.sealed_file import connect
path = sys.argv[1]
owner = os.stat(path)
db = connect(pathlib.Path(path))
columns = ", ".join(row[1] for row in db.execute("pragma table_info(journal)") if row[1] != "seq")
while db.execute("select count(*) from journal").fetchone()[0] < int(sys.argv[2]):
    db.execute(f"insert into journal ({columns}) select {columns} from journal")
db.commit()
db.execute("pragma wal_checkpoint(truncate)")
db.close()
with open(path, "r+b") as file:
    file.seek(4096 * 40)
    file.write(os.urandom(4096))
for end in ("", "-wal", "-shm"):
    if os.path.exists(path + end):
        os.chown(path + end, owner.st_uid, owner.st_gid)
"""
"""Entries that nobody wrote, and a broken page: all are looked at, and none is kept."""
_HUB_FILE = "/var/lib/yingbin/hub/hub.sqlite3"
_MQTT_CHILD = "pgrep --parent $(systemctl show --property=MainPID --value yingbin-mqtt)"


def first_start(machine: Machine) -> str:
    """All are enabled and say that they are ready."""
    began = time.monotonic()
    machine.run(f"systemctl enable --now {' '.join(UNITS)}", within_s=120)
    took = time.monotonic() - began
    machine.run("sync")  # what was just installed may else be gone after the power cut
    await_all(machine)
    unexpected = machine.run(
        "journalctl -b -o cat -q -p warning -u 'yingbin-*' -g 'mode is different'", fails=True
    )
    if unexpected:
        raise MachineError(unexpected)
    return f"ready after {took:.1f} s"


def frozen(machine: Machine) -> str:
    """A program that hangs is started again."""
    took = {}
    for name in UNITS:
        began, pid = time.monotonic(), kill(machine, name, "STOP")
        await_next(machine, name, pid, WATCHDOG_S + MARGIN_S + BACK_WITHIN_S)
        took[name.removeprefix("yingbin-")] = time.monotonic() - began
    return _in_time(took)


def frozen_server(machine: Machine) -> str:
    """An MQTT server that hangs under its living parent is started again."""
    began, child = time.monotonic(), machine.run(_MQTT_CHILD)
    machine.run(f"kill -STOP {child}")
    pid = unit(machine, "yingbin-mqtt").pid
    await_next(machine, "yingbin-mqtt", pid, WATCHDOG_S + MARGIN_S + BACK_WITHIN_S)
    return _in_time({"mosquitto": time.monotonic() - began})


def _in_time(took: dict[str, float]) -> str:
    if max(took.values()) > WATCHDOG_S + MARGIN_S:
        raise MachineError(f"late: {took}")
    return ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items())


def killed_often(machine: Machine) -> str:
    """Killed twenty times in a row, also while it starts, each comes back."""
    machine.run(f"systemctl reset-failed {' '.join(UNITS)}")
    last = dict.fromkeys(UNITS, 0)
    kills = dict.fromkeys(UNITS, 0)
    give_up_at = time.monotonic() + KILLS * 20
    while min(kills.values()) < KILLS:
        if time.monotonic() > give_up_at:
            raise MachineError(f"not started again often enough: {kills}")
        for name in UNITS:
            pid = unit(machine, name).pid
            if kills[name] < KILLS and pid not in (0, last[name]):
                machine.run(f"kill -KILL {pid}", fails=True)
                last[name], kills[name] = pid, kills[name] + 1
    await_all(machine)
    return f"{KILLS} times each"


def damaged_file(machine: Machine) -> str:
    """The hub starts with a damaged file, mended, and says so."""
    machine.run("systemctl stop yingbin-hub")
    _open(machine, "close()")  # what waits in the log is written to the file
    machine.run(f"dd if=/dev/urandom of={_HUB_FILE} bs=4096 seek=3 count=12 conv=notrunc")
    machine.run("systemctl start yingbin-hub", within_s=BACK_WITHIN_S)
    await_all(machine)
    if "damaged" not in machine.run(f"ls {_HUB_FILE}.damaged-*", fails=True):
        raise MachineError("nothing was set aside")
    machine.run(f"{YINGBIN} verify --config /etc/yingbin/hub.toml")
    machine.run(f"rm {_HUB_FILE}.damaged-*")
    return "mended, verified"


def long_mending(machine: Machine) -> str:
    """Mending a large file takes longer than TimeoutStartSec=, and systemd lets it."""
    drop_in = "/run/systemd/system/yingbin-hub.service.d"
    machine.run(
        f"mkdir -p {drop_in} && printf '[Service]\nTimeoutStartSec={SHORT_S}\n' > {drop_in}/x.conf"
        " && systemctl daemon-reload"
    )
    try:
        took, entries = 0.0, FIRST_ENTRIES
        while took < 2 * SHORT_S and entries <= MOST_ENTRIES:
            took = _mended_in(machine, entries)
            entries *= 2
    finally:
        machine.run(f"rm -rf {drop_in} {_HUB_FILE}.damaged-* && systemctl daemon-reload")
    if took < 2 * SHORT_S:
        raise MachineError(f"it took only {took:.1f} s, which shows nothing")
    return f"{took:.0f} s, {SHORT_S} s were allowed; {content(machine)}"


def _mended_in(machine: Machine, entries: int) -> float:
    """How many seconds the hub takes to start with a damaged file of so many entries."""
    machine.run("systemctl stop yingbin-hub")
    machine.run(f"{PYTHON} - {_HUB_FILE} {entries} <<'END'{_MANY_ENTRIES}END", within_s=300)
    began = time.monotonic()
    machine.run("systemctl start yingbin-hub", within_s=300)
    return time.monotonic() - began


def wiped_server(machine: Machine) -> str:
    """The MQTT server lost its folder, and then its process."""
    before = _found_wrong(machine)
    machine.run("rm -rf /var/lib/yingbin/mqtt")
    pid = kill(machine, "yingbin-mqtt", "KILL")
    await_next(machine, "yingbin-mqtt", pid, BACK_WITHIN_S)
    return content(machine, before)


def content(machine: Machine, known: AbstractSet[str] = frozenset()) -> str:
    """`yingbin doctor` finds nothing wrong, and the journal is as it was written."""
    await_all(machine)
    for again in (True, True, False):  # clients come back within seconds
        if not _found_wrong(machine) - known:
            break
        if not again:
            raise MachineError(machine.run(f"{YINGBIN} doctor", fails=True))
        time.sleep(5)
    verified = machine.run(f"{YINGBIN} verify --config /etc/yingbin/hub.toml")
    entries = re.findall(r"(\d+) entries", verified)
    return f"doctor content, {entries[0]} entries verified"


def _found_wrong(machine: Machine) -> AbstractSet[str]:
    """What `yingbin doctor` finds wrong just now, by the names of its checks and findings."""
    checks = json.loads(machine.run(f"{YINGBIN} doctor --json", within_s=300, fails=True))["checks"]
    return {
        f"{check['check']}.{finding['key']}"
        for check in checks
        for finding in check["findings"]
        if finding["is_wrong"]
    }


def power_cut(machine: Machine) -> str:
    """The power fails while cars arrive; the next boot brings everything up."""
    before = _entries(machine)
    machine.cut_power()
    booted = machine.switch_on()
    said = content(machine)
    after = _entries(machine)
    if after < before:
        raise MachineError(f"{before - after} entries of the journal were lost")
    return f"booted in {booted:.1f} s; {said}"


def _entries(machine: Machine) -> int:
    """How many entries of the journal are committed."""
    return int(_open(machine, 'execute("select count(*) from journal").fetchone()[0]'))


def _open(machine: Machine, asked: str) -> str:
    """What the hub's file answers."""
    imports = "import pathlib, sys; from shared.sealed_file import connect"
    program = f"{imports}; print(connect(pathlib.Path(sys.argv[1])).{asked})"
    return machine.run(f"{PYTHON} -c '{program}' {_HUB_FILE}")


def shut_down(machine: Machine) -> str:
    """The machine shuts down quickly, nothing is killed, and it starts without a network."""
    took = machine.shut_down()
    machine.switch_on()
    await_all(machine)
    bad = "timed out|SIGKILL|Failed with|core-dump"
    said = machine.run(f"journalctl -b -1 -o cat -q -u 'yingbin-*' -g '{bad}'", fails=True)
    if took > DOWN_WITHIN_S or said:
        raise MachineError(f"{took:.1f} s\n{said}")
    return f"down in {took:.1f} s"
