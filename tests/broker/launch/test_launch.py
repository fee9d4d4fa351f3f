import argparse
import socket
import sys
from pathlib import Path

import pytest

from broker.launch import demo
from broker.launch.setup import (
    SECURE_ABOVE,
    Plan,
    Ports,
    read_or_make_secrets,
    set_up,
    write_settings,
)
from broker.launch.supervise import Program, Supervisor
from broker.launch.up import plan_from, run
from broker.mqtt_server.accounts import read_accounts
from broker.mqtt_server.run import MqttServerSettings
from broker.settings import HubSettings
from broker.site_file import SitePeople
from gate.settings import GateSettings
from kiosk.settings import KioskSettings
from shared.config import Settings, read_config
from shared.errors import OperatorError
from shared.topics import Party
from tests.fakes import NINE
from tests.servers import free_ports
from tests.waiting import eventually

DEFAULT_PORTS = Ports(18830)
READERS: dict[str, type[Settings]] = {
    "mqtt": MqttServerSettings,
    "hub": HubSettings,
    "gate": GateSettings,
    "kiosk": KioskSettings,
}


def plan(
    folder: Path, *, camera: str = "rtsp://192.0.2.10/1", ports: Ports = DEFAULT_PORTS
) -> Plan:
    return Plan(
        site="xihu",
        site_name="西湖",
        config=folder / "config",
        state=folder,
        ports=ports,
        host="127.0.0.1",
        camera=camera,
    )


@pytest.fixture
def people(tmp_path: Path) -> SitePeople:
    (tmp_path / "config").mkdir()
    path = tmp_path / "config" / "site.toml"
    path.write_text(demo.site_toml(NINE), encoding="utf-8")
    return read_config(SitePeople, path)


def test_each_program_understands_the_settings_written_for_it(
    tmp_path: Path, people: SitePeople
) -> None:
    paths = write_settings(plan(tmp_path), read_or_make_secrets(plan(tmp_path), people))
    for name, path in paths.items():
        assert read_config(READERS[name], path)


@pytest.mark.parametrize("name", READERS)
def test_each_example_file_is_understood(name: str) -> None:
    folder = "broker" if name in ("mqtt", "hub") else name
    assert read_config(READERS[name], Path(folder, f"{name}.example.toml"))


def test_pictures_are_shown_again_and_again_a_live_camera_is_not(
    tmp_path: Path, people: SitePeople
) -> None:
    kept = read_or_make_secrets(plan(tmp_path), people)
    live = read_config(GateSettings, write_settings(plan(tmp_path), kept)["gate"])
    pictures = plan(tmp_path, camera=str(tmp_path))
    drawn = read_config(GateSettings, write_settings(pictures, kept)["gate"])
    assert live.camera.is_repeated is False
    assert drawn.camera.is_repeated is True


def test_the_tablet_knows_where_a_visitor_s_phone_reaches_it_and_their_own_page(
    tmp_path: Path, people: SitePeople
) -> None:
    asked = plan(tmp_path)
    paths = write_settings(asked, read_or_make_secrets(asked, people))
    settings = read_config(KioskSettings, paths["kiosk"])
    assert settings.visitor_page_url == "http://127.0.0.1:18833"
    assert settings.own_phone_url == f"http://127.0.0.1:{settings.listen_port}"


def test_secrets_stay_the_same_and_are_readable_by_nobody_else(
    tmp_path: Path, people: SitePeople
) -> None:
    first = read_or_make_secrets(plan(tmp_path), people)
    write_settings(plan(tmp_path), first)
    assert read_or_make_secrets(plan(tmp_path), people) == first
    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "config").iterdir()}
    assert {name for name, mode in modes.items() if mode} == {"site.toml"}  # the test's own


def test_every_person_of_the_demo_has_a_pin_of_their_own(people: SitePeople) -> None:
    pins = [person.pin for person in people.staff]
    assert all(len(pin) == 6 for pin in pins)
    assert len(set(pins)) > 1


def test_setting_up_a_site_again_keeps_what_somebody_changed(tmp_path: Path) -> None:
    set_up(plan(tmp_path), None)
    gate = tmp_path / "config" / "gate.toml"
    gate.write_text(gate.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    set_up(plan(tmp_path), None)
    assert gate.read_text(encoding="utf-8").endswith("# ours\n")


def test_setting_up_a_real_site_invents_nobody(tmp_path: Path) -> None:
    set_up(plan(tmp_path), None)
    assert not (tmp_path / "config" / "site.toml").exists()
    kept = read_accounts(tmp_path / "config" / "accounts.json")
    assert not [account for account in kept if account.party is Party.STAFF]


def test_a_name_in_the_line_of_another_post_is_refused_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    door = '[[staff]]\nid = "li"\nname = "李敏"\nroles = ["door"]\npin = "204817"\n'
    path.write_text(f'order = ["li"]\n{door}', encoding="utf-8")
    with pytest.raises(OperatorError, match=r"site\.toml:1: order = .*: no consultant has the id"):
        read_config(SitePeople, path)


def test_a_port_in_use_is_named_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = Ports(taken.getsockname()[1])
        with pytest.raises(OperatorError, match=rf"port {ports.first}: .*--port"):
            run(plan(tmp_path, ports=ports), print, is_json=True)


def test_without_a_site_up_says_what_it_wants() -> None:
    with pytest.raises(OperatorError, match="--demo"):
        plan_from(argparse.Namespace(demo=False, data=None))


def test_a_program_that_ends_is_started_again_and_ready_only_when_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broker.launch.supervise.RESTART_AFTER_S", 0.05)
    started = tmp_path / "started"
    script = (
        f"import pathlib, time; from shared.systemd import notify;"
        f"f = pathlib.Path({str(started)!r}).open('a'); f.write('x'); f.close();"
        f"notify('READY=1'); time.sleep(0.2)"
    )
    supervisor = Supervisor([Program("short", [sys.executable, "-c", script])])
    assert not supervisor.is_ready()

    def has_run_twice() -> bool:
        supervisor.step()
        return started.exists() and started.read_text() == "xx"

    def is_ready() -> bool:
        supervisor.step()
        return supervisor.is_ready()

    try:
        assert eventually(has_run_twice)
        assert eventually(is_ready)
    finally:
        supervisor.stop()


def test_ports_are_four_in_a_row_and_four_more_with_tls() -> None:
    ports = Ports(free_ports(1)[0])
    numbers = [ports.mqtt, ports.mqtt_ws, ports.kiosk, ports.console]
    assert numbers == list(range(ports.first, ports.first + 4))
    assert list(ports.all) == [*numbers, *(number + SECURE_ABOVE for number in numbers)]


def test_a_new_site_serves_all_with_tls_besides_and_its_own_programs_need_none(
    tmp_path: Path,
) -> None:
    ports = DEFAULT_PORTS
    set_up(plan(tmp_path), None)
    config = tmp_path / "config"
    hub = read_config(HubSettings, config / "hub.toml")
    kiosk = read_config(KioskSettings, config / "kiosk.toml")
    mqtt = read_config(MqttServerSettings, config / "mqtt.toml")
    assert (hub.tls_port, kiosk.tls_port) == (ports.console + 4, ports.kiosk + 4)
    assert (mqtt.tls_port, mqtt.tls_ws_port) == (ports.mqtt + 4, ports.mqtt_ws + 4)
    assert hub.mqtt_wss_port == mqtt.tls_ws_port
    for program in (hub, kiosk, mqtt):
        assert program.server_certificate == config / "certificates" / "server.pem"
    assert not hub.mqtt.tls
    assert not kiosk.mqtt.tls


def test_a_second_set_up_keeps_the_authority_that_phones_trust(tmp_path: Path) -> None:
    set_up(plan(tmp_path), None)
    file = tmp_path / "config" / "certificates" / "site-ca.crt"
    trusted = file.read_bytes()
    set_up(plan(tmp_path), None)
    assert file.read_bytes() == trusted


def test_a_start_that_mends_a_file_is_waited_for_and_one_that_is_stuck_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    says = "from shared.systemd import notify; import time; notify({!r}); time.sleep(300)"
    asking = [sys.executable, "-c", says.format("EXTEND_TIMEOUT_USEC=60000000\nSTATUS=mending")]
    monkeypatch.chdir(Path(__file__).parents[3])
    supervisor = Supervisor([Program("hub", asking)])
    try:
        assert not supervisor.has_asked_for_time(60.0)

        def has_asked() -> bool:
            supervisor.step()
            return supervisor.has_asked_for_time(60.0)

        assert eventually(has_asked)
        assert not supervisor.has_asked_for_time(0.0)
    finally:
        supervisor.stop()
