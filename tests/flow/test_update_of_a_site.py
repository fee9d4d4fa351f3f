"""A real site is updated to real releases, built of this tree with one thing changed in each."""

import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from broker.launch.setup import Plan, Ports, set_up
from broker.store.schema import migrations
from broker.updating.making_release import make_release
from broker.updating.placing import place
from broker.updating.release_file import checked
from broker.updating.signature import make_signing_key, trusted_keys
from shared.sealed_file import connect
from tests.a_site import give_people
from tests.broker.updating.machine import Machine, machine_in
from tests.kept_files import ROOT, kept_files
from tests.site import free_site_ports
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(900)]

BUILD = "from setuptools import build_meta as b; b.build_wheel('..')"
PROMISED_S = 30.0
PROGRAMS = ("mqtt", "hub", "kiosk")

Changes = Mapping[str, tuple[str, str]]
"""By file: what is replaced, and by what."""

LATER_STEP = {
    "broker/store/schema.py": (
        "def migrate(",
        "@migrations()\ndef keep_what_comes_tomorrow(db: Database) -> None:\n"
        '    """Release 9."""\n    db.conn.execute("create table tomorrow (id integer)")\n\n\n'
        "def migrate(",
    ),
    # Its pages lie where nobody looks for them: the doctor finds none.
    "broker/hub/program.py": ("settings.listen_port)", "0)"),
}
"""A release that does not work, and whose hub's file the release before cannot read."""


def wheel_of(folder: Path, version: str, changes: Changes) -> Path:
    """A folder with the wheel of this tree, as release ``version``, with ``changes``."""
    source = folder / "source"
    for name in kept_files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    for name, (old, new) in {**changes, "shared/__init__.py": ("0.1.0", version)}.items():
        text = (source / name).read_text(encoding="utf-8")
        assert old in text
        (source / name).write_text(text.replace(old, new), encoding="utf-8")
    subprocess.run([sys.executable, "-c", BUILD], cwd=source, check=True, capture_output=True)
    return folder


class Site:
    """A site on a machine of its own, and whoever makes its releases."""

    def __init__(self, machine: Machine, port: int) -> None:
        self.machine, self.port = machine, port
        self.state = machine.folder / "var"
        self.key = machine.folder / "release.key"
        public = machine.config / "release.pub"
        public.write_text(make_signing_key(self.key), encoding="utf-8")
        give_people(machine.config)
        set_up(
            Plan(
                site="xihu",
                site_name="西湖壹号",
                config=machine.config,
                state=self.state,
                ports=Ports(port),
                host="127.0.0.1",
                camera=None,
            ),
            None,
        )

    def release(self, version: str, changes: Changes, hub_needs: int = migrations.needed) -> Path:
        """A release without libraries: those of the tests serve."""
        folder = wheel_of(self.machine.folder / version, version, changes)
        return make_release(folder, self.key, folder, hub_needs=hub_needs)

    def install(self, file: Path) -> None:
        """Put the first release there by hand, as ``make install`` puts a source tree."""
        keys = trusted_keys(None, self.machine.config)
        manifest = checked(file, keys)
        libraries = self.machine.root / "libraries" / manifest.libraries
        libraries.parent.mkdir()
        libraries.symlink_to(sysconfig.get_path("purelib"))
        self.machine.installation.point(
            "current", place(self.machine.installation, file, keys, manifest)
        )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(connect(self.state / "hub" / "hub.sqlite3", "ro")) as db:
            return db.execute(sql).fetchall()

    def answers(self) -> bool:
        """Whether the staff's pages answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port + 3}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    @contextmanager
    def stopwatch(self) -> Iterator[list[float]]:
        """Collects, for the block, for how many seconds the pages did not answer."""
        gaps, is_over = [0.0], threading.Event()

        def look() -> None:
            answered_at = time.monotonic()
            while not is_over.wait(0.05):
                if self.answers():
                    gaps.append(time.monotonic() - answered_at)
                    answered_at = time.monotonic()

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield gaps
        finally:
            is_over.set()
            watcher.join()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with machine_in(tmp_path / "m", PROGRAMS) as machine:
        site = Site(machine, free_site_ports())
        site.install(site.release("0.8.0", {}))
        machine.start()
        assert eventually(lambda: machine.is_up and site.answers()), machine.log
        yield site


def test_a_site_is_updated_within_the_promised_time_and_what_does_not_work_is_taken_back(
    site: Site,
) -> None:
    machine = site.machine
    before = site.rows("select count(*) from journal")
    settings = {path.name: path.read_bytes() for path in machine.config.glob("*.toml")}
    file = site.release("0.9.0", {})
    with site.stopwatch() as gaps:
        done = machine.update(file)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + machine.log
    assert max(gaps) < PROMISED_S
    sys.stdout.write(f"pages were away for {max(gaps):.1f} s\n")
    assert {path.name: path.read_bytes() for path in machine.config.glob("*.toml")} == settings
    assert site.rows("select count(*) from journal") >= before
    assert list((machine.root / "backups").glob("xihu-*.yingbin-backup"))

    needed = migrations.number + 1
    done = machine.update(site.release("0.9.1", LATER_STEP, needed), within_s=20.0)
    assert done.returncode == 1, done.stdout
    assert re.search(r"doctor finds something wrong .*pages\.page_silent", done.stdout)
    assert "The earlier release puts back" in done.stdout
    assert str(machine.installation.version(machine.installation.current)) == "0.9.0"
    assert eventually(lambda: machine.is_up and site.answers()), machine.log
    assert site.rows("pragma user_version") == [(migrations.needed,)]
    assert eventually(
        lambda: site.rows("select 1 from journal where kind = 'UpdateTakenBack'") == [(1,)]
    )
    verified = [str(machine.root / "current/bin/yingbin"), "--lang", "en", "verify"]
    subprocess.run([*verified, "--config", str(machine.config / "hub.toml")], check=True)
