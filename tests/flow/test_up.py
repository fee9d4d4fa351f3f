"""``yingbin up`` as a user starts and stops it."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from broker.launch.demo import site_toml
from shared.clock import now
from tests.servers import client, is_listening
from tests.site import RunningSite, running_site
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]


def quiet_site(folder: Path) -> Path:
    """People, and no camera."""
    (folder / "config").mkdir()
    (folder / "config" / "site.toml").write_text(site_toml(now()), encoding="utf-8")
    return folder


def is_gone(site: RunningSite) -> bool:
    listed = subprocess.run(["pgrep", "-f", str(site.data)], capture_output=True, check=False)
    return not listed.stdout and not is_listening(site.mqtt_port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with (tmp_path / "log").open("w") as log, running_site(quiet_site(tmp_path), log=log) as site:
        site.process.send_signal(number)
        assert site.process.wait(CAME_AT_ALL_S) == 0
        assert is_gone(site)
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_nothing_stays_behind_when_it_is_killed(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log, running_site(quiet_site(tmp_path), log=log) as site:
        os.kill(site.process.pid, signal.SIGKILL)
        assert eventually(lambda: is_gone(site))


def test_its_line_of_json_is_the_contract_s_and_the_monitor_hears_all_and_says_nothing(
    tmp_path: Path,
) -> None:
    with (
        (tmp_path / "log").open("w") as log,
        running_site(tmp_path, "--demo", "--every", "1", log=log) as site,
    ):
        wanted = {"mqtt", "mqtt_ws", "kiosk", "console", "handheld", "monitor"}
        assert wanted <= site.said.keys()
        account, root = site.said["monitor"], f"yingbin/v1/{site.site}"
        with client(site.mqtt_port, account["username"], account["password"]) as monitor:
            monitor.listen(f"{root}/#")
            for topic in ("gate/north/arrival", "say/role/gate", "alert/role/parking"):
                assert monitor.hears(f"{root}/{topic}")
            for topic in ("hub/status", "gate/north/status", "kiosk/lobby/status"):
                assert monitor.hears(f"{root}/{topic}")
            said = [
                body.decode() for topic, body in monitor.heard if topic.endswith("say/role/gate")
            ]
            assert any(text.endswith("到访") for text in said)
            monitor.client.publish(f"{root}/alert/closed", b"{}", qos=1)
            assert not monitor.hears(f"{root}/alert/closed", within_s=1)
