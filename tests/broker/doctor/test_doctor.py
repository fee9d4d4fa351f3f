"""What the doctor finds in a site's files; tests/flow has a running site."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from broker.doctor import command, files
from broker.doctor.examination import CHECKS, examine
from broker.doctor.finding import Check, Finding, hint, wrong
from broker.doctor.patient import Kinds, Patient, admit
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.loop import HubLoop
from broker.launch.setup import Plan, Ports, set_up
from broker.mqtt_server.accounts import read_accounts, write_accounts
from gate.settings import GateSettings
from kiosk.settings import KioskSettings
from shared.errors import OperatorError
from shared.messages import NodeKind
from shared.mqtt import Delivery
from shared.node import Node
from shared.sealed_file import connect
from shared.sealing import seal
from tests.a_site import give_people
from tests.catalogues import table_of
from tests.fakes import NINE, SITE, FakeClock, FakeLink
from tests.samples import arrival

FULL = {"folder": "/x", "free_mb": 7, "needed_mb": 493}
KINDS: Kinds = {"gate": GateSettings, "kiosk": KioskSettings}
TABLE = {
    key.removeprefix("doctor."): said
    for key, said in table_of("broker").items()
    if key.startswith("doctor.")
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The settings of a site that was just set up, with a camera."""
    plan = Plan(
        site=SITE,
        site_name="西湖壹号",
        config=tmp_path / "config",
        state=tmp_path / "state",
        ports=Ports(21830),
        host="127.0.0.1",
        camera="usb:0",
    )
    give_people(plan.config)
    set_up(plan, None)
    return plan.config


def patient(folder: Path) -> Patient:
    return admit(folder, KINDS, lambda: NINE)


def keys(found: Iterator[Finding]) -> list[str]:
    return [finding.key for finding in found]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_site_that_was_just_set_up_has_nothing_wrong_in_its_files(folder: Path) -> None:
    site = patient(folder)
    for look in (files.settings, files.agreement, files.people, files.privacy, files.set_aside):
        assert list(look(site)) == []
    assert keys(files.database(site)) == ["never_ran"]
    assert site.edges.keys() == {"gate", "kiosk"}


def test_a_misspelt_key_is_told_with_its_file_and_line(folder: Path) -> None:
    change(folder / "gate.toml", "gate_id", "gate_ib")
    (found,) = files.settings(patient(folder))
    assert re.search(r"gate\.toml:\d+: .*gate_ib", found.values["problem"])


def test_a_missing_file_stops_only_what_needs_it(folder: Path) -> None:
    (folder / "hub.toml").unlink()
    site = patient(folder)
    results = {result.name: result for result in examine(site, CHECKS[:5])}
    assert results["settings"].is_wrong
    assert results["agreement"].found is None
    assert results["privacy"].found == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("kiosk.toml", f'site = "{SITE}"', 'site = "lake"', "other_site"),
        ("mqtt.toml", f'site = "{SITE}"', 'site = "lake"', "other_site"),
        ("mqtt.toml", "ws_port = 21831", "ws_port = 9", "other_ws_port"),
        ("gate.toml", "port = 21830", "port = 9", "other_port"),
        ("kiosk.toml", 'username = "kiosk-lobby"', 'username = "kiosk-other"', "other_password"),
        ("hub.toml", 'username = "hub"', 'username = "monitor"', "other_password"),
    ],
)
def test_files_that_do_not_agree_are_named(
    folder: Path, file: str, old: str, new: str, key: str
) -> None:
    change(folder / file, old, new)
    (found,) = files.agreement(patient(folder))
    assert found.key == key
    assert found.is_wrong


def test_the_example_s_secret_is_no_secret(folder: Path) -> None:
    text = (folder / "hub.toml").read_text(encoding="utf-8")
    secret = re.search(r'secret_key = "(.+?)"', text)
    assert secret
    change(folder / "hub.toml", secret[1], "change-me")
    assert keys(files.settings(patient(folder))) == ["example_secret"]


def test_a_key_that_hub_and_tablet_share_is_named(folder: Path) -> None:
    text = (folder / "kiosk.toml").read_text(encoding="utf-8")
    key = re.search(r'secret_key = "(.+?)"', text)
    hub_key = re.search(r'secret_key = "(.+?)"', (folder / "hub.toml").read_text(encoding="utf-8"))
    assert key
    assert hub_key
    assert keys(files.settings(patient(folder))) == []
    change(folder / "hub.toml", hub_key[1], key[1])
    assert keys(files.settings(patient(folder))) == ["shared_key"]


def test_people_without_account_with_old_roles_and_accounts_of_nobody_are_named(
    folder: Path,
) -> None:
    accounts = read_accounts(folder / "accounts.json")
    change(folder / "site.toml", 'roles = ["manager"]', 'roles = ["steward"]')
    others = [account for account in accounts if account.node_id != "li"]
    change(folder / "site.toml", 'id = "wang"', 'id = "wang2"')
    change(folder / "site.toml", 'order = ["li", "wang"]', 'order = ["li", "wang2"]')
    change(folder / "site.toml", 'consultant = "wang"', 'consultant = "wang2"')
    write_accounts(folder / "accounts.json", others)
    found = list(files.people(patient(folder)))
    assert [(finding.key, finding.values["name"]) for finding in found] == [
        ("no_account", "李敏"),
        ("no_account", "王强"),
        ("other_roles", "陈经理"),
        ("left_account", "wang"),
    ]


def test_a_file_with_passwords_that_others_can_read_is_named(folder: Path) -> None:
    (folder / "accounts.json").chmod(0o644)
    (found,) = files.privacy(patient(folder))
    assert found.key == "open_to_others"
    assert found.values["file"].endswith("accounts.json")


@pytest.fixture
def used(folder: Path, hub: Hub, tmp_path: Path) -> Path:
    """The hub's file of a site to which a car came."""
    handle(hub, arrival())
    loop = HubLoop(hub, FakeLink(), Node(SITE, "hub", NodeKind.HUB, "test"))
    loop.take(Delivery(f"yingbin/v1/{SITE}/staff/li/ack", b"{", was_retained=False))
    loop.finish()
    hub.journal.seal()
    hub.inbox.db.conn.execute("pragma wal_checkpoint(truncate)")
    place = tmp_path / "state" / "hub"
    place.mkdir(parents=True)
    for file in tmp_path.glob("*.*"):
        if file.is_file():
            shutil.copy(file, place)
    return place / "hub.sqlite3"


def test_a_file_that_is_not_encrypted_is_named_until_it_is(folder: Path, used: Path) -> None:
    named = [found for found in files.privacy(patient(folder)) if found.key == "in_plain"]
    assert [found.values["file"] for found in named] == [str(used)]
    seal(used.parent, folder / "hub.data.key")
    assert "in_plain" not in {found.key for found in files.privacy(patient(folder))}


def test_a_hub_s_whole_file_is_fine_and_what_was_set_aside_is_counted(
    folder: Path, used: Path
) -> None:
    site = patient(folder)
    assert list(files.database(site)) == []
    (found,) = files.set_aside(site)
    assert (found.key, found.values["count"], found.is_wrong) == ("rejected", 1, False)
    assert "ack" in found.values["topic"]


def test_a_journal_that_somebody_was_at_is_told(folder: Path, used: Path) -> None:
    with connect(used) as db:
        db.execute("update journal set body = '{}' where seq = 3")
    db.close()
    found = list(files.database(patient(folder)))
    assert ({finding.key for finding in found}, found[0].values["seq"]) == ({"damaged"}, 3)


@pytest.mark.parametrize(
    ("free_mb", "expected"),
    [(50, ["disk_full"]), (400, ["disk_short"]), (4_000, ["disk_short"]), (50_000, [])],
)
def test_a_disk_without_room_is_told_in_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, expected: list[str]
) -> None:
    usage = SimpleNamespace(free=free_mb * 2**20, total=100_000 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert keys(files.disk(patient(folder))) == expected


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *found: Finding, lang: str = "zh-CN") -> str:
    """What the command says if one check gives ``found``."""
    said: list[str] = []
    checks = (Check("settings", lambda _: iter(found)), Check("access", _never, ("mqtt",)))
    (folder / "mqtt.toml").unlink()
    monkeypatch.setattr(
        "broker.doctor.command.examine", lambda looked_at: examine(looked_at, checks)
    )
    status = command.run(admit(folder, KINDS, FakeClock()), said.append, language=lang)
    assert status == int(any(finding.is_wrong for finding in found))
    return "\n".join(said)


def _never(_patient: Patient) -> Iterator[Finding]:
    raise AssertionError("what it needs is missing")


@pytest.mark.parametrize("lang", ["zh-CN", "en", "zh-TW"])
def test_each_finding_says_what_is_wrong_and_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    text = run(folder, monkeypatch, wrong("disk_full", **FULL), lang=lang)
    marks = [line[0] for line in text.splitlines()[1:] if not line.startswith(" ")]
    assert marks[:1] == ["✗"]
    assert "/x" in text
    assert text.count("→") == 1


def test_a_hint_alone_is_no_failure_yet_not_all_is_well_and_what_is_not_known_is_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = run(folder, monkeypatch, hint("clock_not_set"))
    assert "! 设置文件" in text
    assert "– 各账号只收发自己的消息 (未检查" in text
    assert text.endswith("1 项提醒、1 项不清楚")


def test_a_check_that_breaks_off_is_a_finding_and_the_others_go_on(folder: Path) -> None:
    def breaks(_patient: Patient) -> Iterator[Finding]:
        raise ConnectionResetError("reset by peer")
        yield

    checks = (Check("access", breaks), Check("disk", lambda _: iter(())))
    broken, next_one = examine(patient(folder), checks)
    assert [finding.key for finding in broken.found or ()] == ["stopped"]
    assert next_one.found == ()


def test_the_same_as_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = (Check("disk", lambda _: iter([wrong("disk_full", **FULL)])),)
    monkeypatch.setattr(
        "broker.doctor.command.examine", lambda looked_at: examine(looked_at, checks)
    )
    said: list[str] = []
    assert command.run_json(admit(folder, KINDS, FakeClock()), said.append, language="en") == 1
    (line,) = said
    body = json.loads(line)
    assert body["is_well"] is False
    (found,) = body["checks"][0]["findings"]
    assert (body["checks"][0]["state"], found["key"]) == ("wrong", "disk_full")
    assert found["do"].startswith("Make room now")


def test_every_check_has_its_sentences_and_every_sentence_is_used() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(files.__file__).parent.glob("*.py")
    )
    used = set(re.findall(r'(?:wrong|hint|unknown|tell)\(\s*"(\w+)"', source))
    used |= {f"check_{check.name}" for check in CHECKS}
    used |= {"may_read", "may_write", "may_connect", "may_not_read", "may_not_write"}
    used |= {"not_examined", "title", "all_well", "not_made"}
    used |= {"sum_wrong", "sum_hint", "sum_unknown"}
    assert used == TABLE.keys()


def test_where_there_are_no_settings_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--config"):
        command.settings_folder(tmp_path / "nothing")
    assert command.settings_folder(tmp_path) == tmp_path
