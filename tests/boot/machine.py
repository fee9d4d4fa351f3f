"""A machine under systemd-nspawn: switched on, asked, shut down, and robbed of its power."""

import fcntl
import os
import signal
import struct
import subprocess
import time
from pathlib import Path

from tests.waiting import eventually

BOOTS_WITHIN_S = 90.0
_EXT4_IOC_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = 2
"""From linux/fs/ext4/ext4.h. The file system stops at once: what is not yet on the disk is lost."""
_OPTIONS = (
    *("--quiet", "--machine=site", "--register=no", "--keep-unit", "--private-network"),
    "--console=pipe",
    # So that systemd may filter addresses in there.
    *("--capability=CAP_BPF,CAP_NET_ADMIN", "--system-call-filter=bpf"),
)


class MachineError(Exception):
    """A command in the machine failed, or the machine did."""


class Machine:
    """The machine whose disk is the image ``disk`` in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self.root = self._folder / "root"
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._opened: int | None = None

    def switch_on(self) -> float:
        """Boot; returns after how many seconds systemd had started everything it starts at once."""
        disk = ("mount", "-o", "loop", str(self._folder / "disk"), str(self.root))
        subprocess.run(disk, check=True)
        wheels = f"--bind-ro={self._folder / 'wheels'}:/wheels"
        command = ["systemd-nspawn", *_OPTIONS, wheels, f"--directory={self.root}"]
        started_at = time.monotonic()
        with (self._folder / "console.log").open("ab") as console:
            self._nspawn = subprocess.Popen(
                [*command, "--boot"], stdin=subprocess.DEVNULL, stdout=console, stderr=console
            )
        if not eventually(self._has_booted, within_s=BOOTS_WITHIN_S):
            raise MachineError(f"it did not boot; see {self._folder / 'console.log'}")
        return time.monotonic() - started_at

    def run(self, command: str, *, within_s: float = 60.0, fails: bool = False) -> str:
        """What ``command``, a line of bash, prints in there as root.

        Raises:
            MachineError: it failed, unless ``fails`` says that it may.
        """
        done = self._inside(["bash", "-c", command], within_s)
        if done.returncode and not fails:
            raise MachineError(f"{command}: {(done.stderr or done.stdout).strip()[-500:]}")
        return done.stdout.strip()

    def cut_power(self) -> None:
        """End everything at once; what was not yet written to the disk is lost."""
        files = os.open(self.root, os.O_RDONLY)
        fcntl.ioctl(files, _EXT4_IOC_SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        os.close(files)
        os.kill(self._leader, signal.SIGKILL)
        self._is_off(within_s=20)

    def shut_down(self) -> float:
        """Shut down in order; returns how many seconds that took."""
        started_at = time.monotonic()
        self.run("systemctl --no-block poweroff")
        if not self._is_off(within_s=100):
            raise MachineError("it did not shut down")
        return time.monotonic() - started_at

    def switch_off(self) -> None:
        """Whatever state it is in, leave nothing running and nothing mounted."""
        if self._nspawn is not None and self._nspawn.poll() is None:
            os.kill(self._leader or self._nspawn.pid, signal.SIGKILL)
            self._is_off(within_s=20)

    def _is_off(self, within_s: float) -> bool:
        assert self._nspawn is not None
        try:
            self._nspawn.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        self._leader = 0
        return eventually(self._is_unmounted, within_s=20)

    def _is_unmounted(self) -> bool:
        return subprocess.run(["umount", self.root], capture_output=True).returncode == 0

    def _has_booted(self) -> bool:
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            raise MachineError(f"it ended; see {self._folder / 'console.log'}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        pids = children.read_text().split()
        self._leader = int(pids[0]) if len(pids) == 1 else 0
        if not self._leader:
            return False
        state = self._inside(["systemctl", "is-system-running"], 10).stdout.strip()
        return state in ("running", "degraded")

    def _inside(self, command: list[str], within_s: float) -> "subprocess.CompletedProcess[str]":
        enter = ("nsenter", f"--target={self._leader}", "--all", "--wdns=/")
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
        try:
            return subprocess.run(
                [*enter, *command],
                capture_output=True,
                text=True,
                env=environment,
                timeout=within_s,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise MachineError(f"{command[-1]}: not done after {within_s:.0f} s") from error
