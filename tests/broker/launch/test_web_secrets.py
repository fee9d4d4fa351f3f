"""Each program signs with a key of its own, also at a site that an older release set up."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from broker.launch import demo
from broker.launch.setup import Plan, Ports, read_or_make_secrets, set_up, write_settings
from broker.mqtt_server.accounts import read_accounts
from broker.site_file import SitePeople
from shared.config import read_config
from shared.topics import Party
from tests.fakes import NINE


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "site.toml").write_text(demo.site_toml(NINE), encoding="utf-8")
    return Plan(
        site="xihu",
        site_name="西湖",
        config=tmp_path / "config",
        state=tmp_path,
        ports=Ports(18830),
        host="127.0.0.1",
        camera=None,
    )


def up(plan: Plan) -> None:
    write_settings(plan, read_or_make_secrets(plan, read_config(SitePeople, plan.people)))


def install(plan: Plan) -> None:
    set_up(plan, None)


def table(plan: Plan, name: str) -> dict[str, Any]:
    return tomllib.loads((plan.config / f"{name}.toml").read_text(encoding="utf-8"))


def made_by_release_0_5(plan: Plan) -> str:
    """Give hub and tablet one key, as it was; returns it."""
    up(plan)
    web_file = plan.config / "web.json"
    web = json.loads(web_file.read_text(encoding="utf-8"))
    shared = str(web.pop("kiosk_key"))
    old = web["web_key"]
    web_file.write_text(json.dumps(web | {"web_key": shared}), encoding="utf-8")
    for path in (plan.config / "hub.toml", plan.config / "as_written" / "hub.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, shared), encoding="utf-8")
    assert table(plan, "hub")["secret_key"] == table(plan, "kiosk")["secret_key"] == shared
    return shared


def test_a_new_site_has_a_key_for_each_program(plan: Plan) -> None:
    up(plan)
    assert table(plan, "hub")["secret_key"] != table(plan, "kiosk")["secret_key"]
    before = (plan.config / "web.json").read_bytes()
    up(plan)
    assert (plan.config / "web.json").read_bytes() == before
    assert (plan.config / "web.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("take_over", [up, install])
@pytest.mark.parametrize("is_edited", [False, True])
def test_an_old_site_is_taken_over_without_a_hand(
    plan: Plan, take_over: Any, is_edited: bool
) -> None:
    shared = made_by_release_0_5(plan)
    if is_edited:
        hub = plan.config / "hub.toml"
        hub.write_text(f"# ours\n{hub.read_text(encoding='utf-8')}", encoding="utf-8")
        (plan.config / "as_written" / "hub.toml").unlink()
    before = {account.username: account for account in read_accounts(plan.config / "accounts.json")}
    take_over(plan)
    hub_key = table(plan, "hub")["secret_key"]
    assert table(plan, "kiosk")["secret_key"] == shared, "the tablet need not be let in again"
    assert shared not in (plan.config / "hub.toml").read_text(encoding="utf-8")
    assert hub_key == json.loads((plan.config / "web.json").read_text(encoding="utf-8"))["web_key"]
    after = {account.username: account for account in read_accounts(plan.config / "accounts.json")}
    assert after.keys() == before.keys()
    for username, account in after.items():
        has_changed = account.password != before[username].password
        assert has_changed == (account.party is Party.STAFF), "pages were told these passwords"
    take_over(plan)
    assert table(plan, "hub")["secret_key"] == hub_key
    assert set(read_accounts(plan.config / "accounts.json")) == set(after.values())
