"""The demo of several sites and their head office: what each has to itself, and that it reports."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from broker.head_office.document_store import KEY_FILE
from broker.launch.group_demo import SITES, demo_plans
from broker.launch.setup import Plan, Ports
from broker.shipping.membership import read_membership
from tests.site import ROOT, free_site_ports

_ONE_SITE = """
import sys
from pathlib import Path
from broker.launch import group_demo
from broker.launch.setup import Plan, Ports
group_demo.SITES, group_demo.PORTS_APART = 1, 8
folder, port = Path(sys.argv[1]), int(sys.argv[2])
plan = Plan("demo", "d", folder / "config", folder, Ports(port), "127.0.0.1", None, is_demo=True)
sys.exit(group_demo.run_group(plan, lambda line: print(line, flush=True), is_json=True))
"""
"""The demo with one site, which starts in a third of the time."""


def test_each_site_of_the_demo_has_folders_ports_and_a_name_of_its_own(tmp_path: Path) -> None:
    first = Plan("demo", "案场", tmp_path / "config", tmp_path, Ports(18830), "127.0.0.1", None)
    plans = demo_plans(first)
    assert len(plans) == SITES
    ports = [port for plan in plans for port in plan.ports.all]
    assert len(set(ports)) == len(ports)
    for each in ("site", "site_name", "config", "state"):
        assert len({getattr(plan, each) for plan in plans}) == SITES


@pytest.mark.slow
@pytest.mark.server
def test_the_demo_tells_where_head_office_is_and_its_site_has_joined(tmp_path: Path) -> None:
    port = free_site_ports()
    words = [sys.executable, "-c", _ONE_SITE, str(tmp_path), str(port)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        child.send_signal(signal.SIGINT)
    assert child.returncode == 0
    said = json.loads(line)
    assert said["head_office"] == f"http://127.0.0.1:{port + 8}/"
    assert [site["site"] for site in said["sites"]] == ["demo"]
    member = read_membership(tmp_path / "config")
    assert member is not None
    assert (member.site, bool(member.documents_key)) == ("demo", True)
    assert (tmp_path / "head_office" / KEY_FILE).stat().st_mode & 0o077 == 0
