"""Whether the units' walls stand: looked at from inside the running programs."""

import re

from tests.boot.machine import Machine, MachineError
from tests.boot.programs import PROGRAMS, UNITS, unit

EXPOSURE_LIMIT = 2.0
"""What systemd-analyze may say of a unit; a plain one has 9.6."""
_FOREIGN = "198.51.100.1"
"""An address of nobody (RFC 5737)."""
_SEND = """
import os, socket, sys
with open(f"/sys/fs/cgroup/{sys.argv[1]}/cgroup.procs", "w") as group:
    group.write(str(os.getpid()))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", (sys.argv[2], 9))
"""


def exposure(machine: Machine) -> str:
    """What systemd-analyze makes of each running unit."""
    found = {}
    for name in UNITS:
        said = machine.run(f"systemd-analyze security --no-pager {name}")
        found[name] = float(re.findall(r"exposure level for .*?: ([\d.]+)", said)[0])
    if max(found.values()) > EXPOSURE_LIMIT:
        raise MachineError(f"above {EXPOSURE_LIMIT}: {found}")
    return ", ".join(f"{name.removeprefix('yingbin-')} {value}" for name, value in found.items())


def own_account(machine: Machine) -> str:
    """Each runs as the account yingbin, without capabilities, under a system call filter."""
    wanted = {"CapEff": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}
    account = machine.run("id -u yingbin")
    for name in UNITS:
        text = machine.run(f"cat /proc/{unit(machine, name).pid}/status")
        said = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        found = {key: said[key] for key in wanted}
        if found != wanted or said["Uid"].split() != [account] * 4:
            raise MachineError(f"{name}: {found}, user {said['Uid']}")
    return f"user {account}, no capability, calls filtered"


def closed_folders(machine: Machine) -> str:
    """From its first start on, none sees what another keeps, or writes elsewhere."""
    _look_around(machine)
    for name in ("accounts.json", *(f"{name}.toml" for name in PROGRAMS)):
        path = f"/etc/yingbin/{name}"
        machine.run(f"cp --preserve {path} {path}.new && mv {path}.new {path}")
    machine.run("rm -rf /var/lib/yingbin/gate && systemctl restart yingbin-gate")
    for name in ("kiosk", "gate"):
        _must_fail(machine, name, "grep -q . /etc/yingbin/accounts.json")
    for name in PROGRAMS[:-1]:
        _must_fail(machine, name, "ls /var/lib/yingbin/gate/*")
    return "own folder only"


def _look_around(machine: Machine) -> None:
    for name in PROGRAMS:
        for other in PROGRAMS:
            if other != name:
                _must_fail(machine, name, f"ls /var/lib/yingbin/{other}/*")
                _must_fail(machine, name, f"grep -q . /etc/yingbin/{other}.toml")
        for place in ("/usr/x", "/opt/yingbin/x", "/var/lib/x", "/root/x", "/home/x"):
            _must_fail(machine, name, f"touch {place}")
        for place in (f"/var/lib/yingbin/{name}/x", "/tmp/x"):
            if "done" not in _inside(machine, name, f"touch {place} && rm {place} && echo done"):
                raise MachineError(f"{name} may not write {place}")


def closed_network(machine: Machine) -> str:
    """None reaches an address outside the house, and each reaches this machine."""
    machine.run(f"ip address add {_FOREIGN}/32 dev lo")
    machine.run(f"cat > /root/send.py <<'END'{_SEND}END")
    machine.run(f"python3 /root/send.py init.scope {_FOREIGN}")  # the way is open for others
    for group in (f"system.slice/{name}.service" for name in UNITS):
        machine.run(f"python3 /root/send.py {group} 127.0.0.1")
        said = machine.run(f"python3 /root/send.py {group} {_FOREIGN} 2>&1", fails=True)
        if "not permitted" not in said:
            raise MachineError(f"{group} reaches {_FOREIGN}: {said}")
    machine.run(f"ip address delete {_FOREIGN}/32 dev lo")
    return "foreign addresses are closed"


def _must_fail(machine: Machine, name: str, command: str) -> None:
    if "done" in _inside(machine, name, f"{command} && echo done"):
        raise MachineError(f"{name} may: {command}")


def _inside(machine: Machine, name: str, command: str) -> str:
    """What ``command`` prints, run by the program's account in the file system that it sees."""
    pid = unit(machine, f"yingbin-{name}").pid
    account = "setpriv --reuid=yingbin --regid=yingbin --clear-groups"
    return machine.run(f"nsenter --target={pid} --mount {account} sh -c '{command}'", fails=True)
