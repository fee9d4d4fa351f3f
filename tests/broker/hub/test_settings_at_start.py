"""What a start makes of settings: files are taken over once, and nothing in them stops the hub."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from broker.choices.readable_file import merged, rows_in, written
from broker.choices.rows import SiteChoices, chosen_by, rows_of
from broker.handlers.own_troubles import tell_of_left_out
from broker.handlers.table import handle
from broker.hub.page_accounts import PageAccounts
from broker.local.questions import Edit, SettingsChange
from broker.mqtt_server.accounts import new_account, read_accounts, write_accounts
from broker.rules.policy import Policy, SpecialDay
from broker.rules.retention import Retention
from broker.settings import first_policy
from broker.site_file import SiteBrand, SitePeople, first_people
from broker.site_words import SiteWord
from shared.errors import ConfigError
from shared.messages import Alert
from shared.topics import Party
from tests.fakes import NINE
from tests.hub_fixtures import PEOPLE
from tests.hub_site import hub_settings
from tests.samples import NATURAL
from tests.settings_rig import Manager, SettingsRig

EXAMPLE = Path("broker/site.example.toml").read_text(encoding="utf-8")


@pytest.fixture
def rig(tmp_path: Path) -> SettingsRig:
    return SettingsRig(tmp_path)


@pytest.fixture
def manager(rig: SettingsRig) -> Manager:
    return rig.manager()


def test_after_the_first_start_the_files_say_nothing_any_more(tmp_path: Path) -> None:
    rig = SettingsRig(tmp_path)
    rig.people = SitePeople(staff=(), order=())
    rig.policy = Policy(protection_days=3)
    rig.restart()
    assert {person.id for person in rig.hub.staff_here()} >= {"li", "wang", "chen"}
    assert rig.hub.decider.policy.protection_days == 15
    handle(rig.hub, NATURAL)
    assert not [
        each
        for each in rig.hub.outbox.waiting(100)
        if isinstance(each.message, Alert) and "site.toml" in each.message.text
    ]


def test_a_row_that_this_release_cannot_take_is_left_out_and_the_hub_starts(
    rig: SettingsRig, manager: Manager
) -> None:
    manager.fill_in("/settings/rules", policy__protection_days="20")
    rig.hub.inbox.db.execute(
        "update journal set body = replace(body, '\"now\":20', '\"now\":-4') "
        "where kind = 'SettingsChange'"
    )
    rig.hub.inbox.db.conn.commit()
    rig.restart()
    assert rig.hub.decider.policy.protection_days == 15
    assert rig.hub.roles_of("chen") == ("manager",)


def test_a_shorter_protection_decides_from_the_change_on(
    rig: SettingsRig, manager: Manager
) -> None:
    rig.pass_s(5 * 86_400)
    rig.manager().fill_in("/settings/rules", policy__protection_days="3")
    rig.restart()
    known = replace(NATURAL, phone="13800138000", consented_at=NINE, checked_in_at=rig.clock())
    handle(rig.hub, known)
    visit = rig.hub.visits.of_check_in(NATURAL.check_in_id)
    assert visit is not None
    assert visit.rule == "R8"
    rig.assert_sound()


BROKEN: dict[str, Callable[[str], str]] = {
    "no TOML at all": lambda text: text + "\n[[staff",
    "a person without an id": lambda text: text.replace('id = "li"\n', "", 1),
    "an id twice": lambda text: text.replace('id = "wang"', 'id = "li"', 1),
    "posts that are none": lambda text: text.replace('roles = ["manager"]', "roles = 3"),
    "a phone that is none": lambda text: text.replace('"13800138000"', '"12"'),
    "an unknown key": lambda text: "closes = 3\n" + text,
    "a manager in the line": lambda text: text.replace('"wang"]', '"wang", "chen"]', 1),
    "numbers for people": lambda _text: "staff = [1, 2]\norder = 7\n",
    "a colour nobody could read": lambda text: text + '\n[brand]\ncolour = "#ffffff"\n',
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_is_taken_as_far_as_may_be_and_the_fault_is_told(
    fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(BROKEN[fault](EXAMPLE), encoding="utf-8")
    people, troubles = first_people(path)
    assert troubles
    assert all(str(path) in str(trouble) for trouble in troubles)
    rig = SettingsRig(tmp_path / "hub", people=people)
    assert rig.hub.choices.is_begun_now
    tell_of_left_out(rig.hub, troubles)
    told = [each.message for each in rig.hub.outbox.waiting(10)]
    assert [alert.role for alert in told if isinstance(alert, Alert)] == ["manager"]


def test_a_broken_policy_file_leaves_out_what_is_wrong_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        'open = "8"\nprotection_days = 9\ntimezone = "Asia/Tokyo"\nrows = ["R6"]\n'
        "[retention]\nvisits_days = 0\nalerts_days = 7\n",
        encoding="utf-8",
    )
    settings = replace(hub_settings(tmp_path), policy_file=str(path))
    policy, troubles = first_policy(settings)
    assert policy == Policy(protection_days=9, retention=Retention(alerts_days=7))
    assert len(troubles) == 4


def file_of(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_whatever_a_site_chose_is_read_back_from_the_file_that_people_read(tmp_path: Path) -> None:
    people = SitePeople(
        staff=PEOPLE.staff,
        order=PEOPLE.order,
        drinks=(SiteWord(key="longjing", zh_cn="龙井“新”\\", en='"x"'), SiteWord(key="coffee")),
        brand=SiteBrand(colour="#1f4a3f", zh_cn="西湖雅苑"),
    )
    policy = Policy(
        protection_days=20,
        renews_by_courtesy=False,
        duty=("li",),
        special_days=(
            SpecialDay(on=NINE.date(), name="测试"),
            SpecialDay(on=NINE.replace(day=25).date(), open="10:00", close="16:00"),
        ),
        retention=Retention(alerts_days=7),
    )
    chosen = SiteChoices(people, policy)
    text = written(rows_of(chosen))
    assert chosen_by(rows_in(file_of(tmp_path, text)), policy.timezone) == chosen
    assert "protection_days = 20" in text
    assert '[staff.li]\nname = "李敏"' in text


def test_an_import_changes_its_own_sections_and_forgets_nobody(tmp_path: Path) -> None:
    before = rows_of(SiteChoices(PEOPLE, Policy(protection_days=20)))
    text = '[policy]\nbulk_per_hour = 9\n[staff.he]\nname = "何"\nroles = ["bar"]\n'
    chosen = chosen_by(merged(before, rows_in(file_of(tmp_path, text))), "Asia/Shanghai")
    assert chosen.policy == Policy(bulk_per_hour=9)
    assert [person.id for person in chosen.people.staff][-2:] == ["chen", "he"]
    with pytest.raises(ConfigError, match="no section `stuff`"):
        rows_in(file_of(tmp_path, "[stuff]\n"))


def test_who_is_added_by_page_gets_an_account_and_new_posts_reach_it(
    rig: SettingsRig, manager: Manager, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.json"
    wu = new_account(Party.STAFF, "wu", ("parking",))
    write_accounts(path, (new_account(Party.HUB, "hub"), wu))
    accounts = PageAccounts(path, rig.hub)
    manager.fill_in("/settings/people/new", name="周敏", roles=["consultant"])
    manager.fill_in("/settings/people/wu", roles=["bar"])
    accounts.step()
    kept = {account.node_id: account for account in read_accounts(path) if not account.session}
    assert kept["zhoumin"].roles == ("consultant",)
    assert kept["wu"] == msgspec.structs.replace(wu, roles=("bar",))


def test_a_device_of_the_table_of_duties_gets_an_account_once(
    rig: SettingsRig, manager: Manager, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (new_account(Party.HUB, "hub"),))
    accounts = PageAccounts(path, rig.hub)
    row = {"text": "开灯", "post": "door", "times": "09:30", "scene": "lights"}
    typed = {name: [text, "", ""] for name, text in row.items()}
    manager.fill_in(manager.get("/settings/duties"), **typed)
    accounts.step()
    (lights,) = (each for each in read_accounts(path) if each.party is Party.DEVICE)
    assert (lights.username, lights.client_id) == ("device-lights", None)
    accounts.step()
    assert lights in read_accounts(path)


def test_the_first_manager_of_a_new_site_is_entered_without_a_log_in(tmp_path: Path) -> None:
    rig = SettingsRig(tmp_path, people=SitePeople(staff=(), order=()))
    first = Edit("staff", "chen", None, {"name": "陈静", "roles": ["manager"]})
    change = SettingsChange(change_id="s-1", asked_at=NINE, edits=(first,))
    handle(rig.hub, change)
    assert rig.hub.people_of("manager") == ("chen",)
    handle(rig.hub, change)
    assert rig.changes() == 1, "a change that comes twice is made once"
