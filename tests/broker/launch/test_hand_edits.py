"""``up`` and ``setup`` leave alone what a person changed in a settings file."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broker.launch import demo
from broker.launch.hand_edits import merged
from broker.launch.setup import Plan, Ports, read_or_make_secrets, write_settings
from broker.launch.up import run
from broker.mqtt_server.accounts import new_account, read_accounts, write_accounts
from broker.site_file import SitePeople
from shared.config import read_config
from shared.errors import OperatorError
from shared.in_use import holding
from shared.topics import Party
from tests.fakes import NINE
from tests.servers import free_ports

WRITTEN = 'site = "xihu"\nport = 1\nold = true\n\n[mqtt]\nport = 5\n'


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "config").mkdir()
    text = demo.site_toml(NINE)
    (tmp_path / "config" / "site.toml").write_text(text, encoding="utf-8")
    return Plan(
        site="xihu",
        site_name="西湖",
        config=tmp_path / "config",
        state=tmp_path,
        ports=Ports(18830),
        host="127.0.0.1",
        camera="rtsp://192.0.2.10/1",
    )


def started(plan: Plan) -> dict[str, Path]:
    return write_settings(plan, read_or_make_secrets(plan, read_config(SitePeople, plan.people)))


def table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_starting_again_keeps_a_setting_that_a_person_added_and_takes_the_new_port(
    plan: Plan,
) -> None:
    hub = started(plan)["hub"]
    text = hub.read_text(encoding="utf-8")
    hub.write_text(f"home_assistant = true  # ours\n{text}", encoding="utf-8")
    started(plan)
    assert hub.read_text(encoding="utf-8").startswith("home_assistant = true  # ours\n")
    started(replace(plan, ports=Ports(19830)))
    assert table(hub)["home_assistant"] is True
    assert table(hub)["listen_port"] == 19833
    assert table(hub)["mqtt"]["port"] == 19830


def test_a_setting_that_a_person_changed_is_not_changed_back(plan: Plan) -> None:
    hub = started(plan)["hub"]
    text = hub.read_text(encoding="utf-8")
    hub.write_text(text.replace("listen_port = 18833", "listen_port = 8080"), encoding="utf-8")
    started(replace(plan, ports=Ports(19830)))
    assert table(hub)["listen_port"] == 8080
    assert table(hub)["mqtt_ws_port"] == 19831


def test_of_a_file_of_which_nobody_knows_how_it_was_written_only_the_places_follow(
    plan: Plan,
) -> None:
    hub = started(plan)["hub"]
    (plan.config / "as_written" / "hub.toml").unlink()
    before = hub.read_text(encoding="utf-8")
    started(replace(plan, ports=Ports(19830), site_name="another"))
    after = hub.read_text(encoding="utf-8")
    assert after == before.replace("1883", "1983")
    assert after != before


def test_a_file_in_another_encoding_is_left_to_the_program_that_reads_it(plan: Plan) -> None:
    hub = started(plan)["hub"]
    hub.write_bytes("site_name = '西湖'".encode("gbk"))
    started(plan)
    assert hub.read_bytes() == "site_name = '西湖'".encode("gbk")


def test_the_account_of_a_second_gate_stays(plan: Plan) -> None:
    started(plan)
    accounts = plan.config / "accounts.json"
    south = new_account(Party.GATE, "south")
    write_accounts(accounts, (*read_accounts(accounts), south))
    started(plan)
    assert south in read_accounts(accounts)


def test_programs_have_client_ids_that_nobody_guesses_and_their_settings_know_them(
    plan: Plan,
) -> None:
    paths = started(plan)
    accounts = {each.username: each for each in read_accounts(plan.config / "accounts.json")}
    for program, username in (("hub", "hub"), ("gate", "gate-north"), ("kiosk", "kiosk-lobby")):
        told = tomllib.loads(paths[program].read_text(encoding="utf-8"))["mqtt"]
        assert told["client_id"] == accounts[username].client_id != username
    assert accounts["monitor"].client_id is None
    assert accounts["staff-li"].client_id == "staff-li", "a device's is typed by a person"
    started(plan)
    assert read_accounts(plan.config / "accounts.json") == tuple(accounts.values())


def test_programs_of_an_older_release_keep_the_client_ids_that_they_know(plan: Plan) -> None:
    started(plan)
    accounts = plan.config / "accounts.json"
    older = [msgspec.structs.replace(each, own_id=None) for each in read_accounts(accounts)]
    write_accounts(accounts, older)
    gate = started(plan)["gate"]
    assert read_accounts(accounts) == tuple(older)
    assert "client_id" not in tomllib.loads(gate.read_text(encoding="utf-8"))["mqtt"]


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        (WRITTEN, WRITTEN.replace("5", "6"), WRITTEN.replace("5", "6")),
        (WRITTEN, WRITTEN.replace("old = true\n", ""), WRITTEN.replace("old = true\n", "")),
        (WRITTEN, "new = 2\n" + WRITTEN, "new = 2\n" + WRITTEN),
        (WRITTEN.replace("port = 1\n", ""), WRITTEN, WRITTEN.replace("port = 1\n", "")),
        ("# ours\n" + WRITTEN, WRITTEN.replace("5", "6"), "# ours\n" + WRITTEN.replace("5", "6")),
        ("new = 3\n" + WRITTEN, "new = 2\n" + WRITTEN, "new = 3\n" + WRITTEN),
    ],
)
def test_what_changed_follows_and_what_a_person_did_stays(
    found: str, wanted: str, right: str
) -> None:
    assert merged(found, WRITTEN, wanted) == right


def test_a_second_up_on_a_folder_is_refused_before_it_writes_anything(plan: Plan) -> None:
    hub = started(plan)["hub"]
    before = hub.read_text(encoding="utf-8")
    refusal = pytest.raises(OperatorError, match=r"up already runs there \(process \d+\)")
    with holding(plan.state, "up"), refusal:
        run(replace(plan, ports=Ports(free_ports(4)[0])), print, is_json=False)
    assert hub.read_text(encoding="utf-8") == before
