"""A manager changes the site by page: each change has an author, can be planned and taken back."""

import re

import pytest
from msgspec.structs import replace

from broker.choices.rows import OF_THE_MACHINE
from broker.handlers.table import handle
from broker.rules.policy import Policy
from shared.messages import ReportKind
from tests.fakes import NINE
from tests.hub_answers import report
from tests.samples import NATURAL
from tests.settings_rig import Manager, SettingsRig, forms_in


def latest(rig: SettingsRig) -> str:
    return rig.hub.choices.kept[-1].change.change_id


def test_somebody_new_gets_a_pin_logs_in_joins_and_is_called(
    rig: SettingsRig, manager: Manager
) -> None:
    page = manager.fill_in("/settings/people/new", name="周敏", roles=["consultant"], team="b")
    pin = re.search(r'data-testid="pin">(\d{6})<', page.text)
    assert page.status_code == 200
    assert pin
    assert page.headers["Cache-Control"] == "no-store"
    person = rig.hub.people.staff[-1]
    assert (person.name, person.roles, person.team) == ("周敏", ("consultant",), "b")
    assert pin[1] not in repr(rig.hub.choices.kept), "the journal keeps no PIN that a page gave out"
    rig.manager(person.id, pin[1])
    assert person.id in {entry.consultant_id for entry in rig.hub.roster().consultants}
    handle(rig.hub, report(ReportKind.JOIN, person.id))
    assert rig.hub.decider.state.line[-1] == person.id
    rig.assert_sound()


def test_a_new_pin_ends_the_old_one_and_every_log_in_by_it(
    rig: SettingsRig, manager: Manager
) -> None:
    li = rig.manager("li", "1111")
    assert li.get("/handheld").status_code == 200
    shown = forms_in(manager.get("/settings/people/li").text)
    page = manager.post("/settings/people/li/pin", dict(shown)["/settings/people/li/pin"])
    pin = re.search(r'data-testid="pin">(\d{6})<', page.text)
    assert pin
    assert li.get("/handheld").status_code == 303
    rig.manager("li", pin[1])
    with pytest.raises(AssertionError):
        rig.manager("li", "1111")


@pytest.mark.parametrize(
    ("path", "values", "field", "advice"),
    [
        ("/settings/rules", {"policy__open": "8:30"}, "policy.open", "08:30"),
        ("/settings/rules", {"policy__close": "07:00"}, "policy.close", "「开始」"),
        ("/settings/rules", {"policy__protection_days": "二十"}, "policy.protection_days", "整数"),
        ("/settings/rules", {"policy__protection_days": "99999"}, "policy.protection_days", "3650"),
        ("/settings/rules", {"policy__manager_after_s": "5"}, "policy.manager_after_s", "第二个人"),
        ("/settings/rules", {"retention__visits_days": "0"}, "retention.visits_days", "1 天"),
        ("/settings/rules", {"holds_from": "明天"}, "holds_from", "2027-02-06"),
        ("/settings/house", {"brand__colour": "#ffff00"}, "brand.colour", "#"),
        ("/settings/people/new", {"name": "", "roles": ["bar"]}, "name", "姓名"),
        ("/settings/people/li", {"roles": []}, "roles", "岗位"),
    ],
)
def test_a_bad_value_is_refused_on_its_field_with_what_to_write(
    rig: SettingsRig,
    manager: Manager,
    path: str,
    values: dict[str, str | list[str]],
    field: str,
    advice: str,
) -> None:
    before, chosen = rig.changes(), rig.hub.choices.now
    page = manager.fill_in(path, **values)
    assert page.status_code == 422
    told = re.search(rf'data-testid="problem-{re.escape(field)}">([^<]*)<', page.text)
    assert told, page.text
    assert advice in told[1]
    assert (rig.changes(), rig.hub.choices.now) == (before, chosen)


def test_a_change_has_its_author_and_holds_at_once(rig: SettingsRig, manager: Manager) -> None:
    handle(rig.hub, NATURAL)
    saved = manager.fill_in(
        "/settings/rules", policy__protection_days="20", policy__renews_by_courtesy=[]
    )
    assert saved.status_code == 303
    policy = rig.hub.decider.policy
    assert (policy.protection_days, policy.renews_by_courtesy) == (20, False)
    change = rig.hub.choices.kept[-1].change
    assert change.by == "chen"
    assert {(edit.row, edit.was, edit.now) for edit in change.edits} == {
        ("protection_days", None, 20),
        ("renews_by_courtesy", None, False),
    }
    history = manager.get("/settings/history").text
    assert "陈经理" in history
    assert "接待后保护" in history
    handle(rig.hub, replace(NATURAL, check_in_id="c-9", phone="13900139000", consented_at=NINE))
    rig.assert_sound()
    rig.restart()
    assert rig.hub.decider.policy == policy


def test_nothing_changed_is_no_entry(rig: SettingsRig, manager: Manager) -> None:
    before = rig.changes()
    for path in ("/settings/rules", "/settings/days", "/settings/house", "/settings/people/li"):
        assert manager.fill_in(path).status_code == 303, path
    assert rig.changes() == before


def test_a_planned_change_holds_from_its_day_on(rig: SettingsRig, manager: Manager) -> None:
    saved = manager.fill_in("/settings/rules", policy__protection_days="7", holds_from="2026-11-25")
    assert saved.status_code == 303
    rig.pass_s(86_400)
    assert rig.hub.decider.policy.protection_days == 15
    assert 'data-testid="planned"' in rig.manager().get("/settings").text
    rig.restart()
    rig.pass_s(86_400)
    assert rig.hub.decider.policy.protection_days == 7
    handle(rig.hub, replace(NATURAL, checked_in_at=rig.clock(), sent_at=rig.clock()))
    rig.assert_sound()


def test_a_planned_change_is_taken_back_before_it_holds(rig: SettingsRig, manager: Manager) -> None:
    manager.fill_in("/settings/rules", policy__protection_days="7", holds_from="2026-11-25")
    assert manager.post(f"/settings/take-back/{latest(rig)}", {}).status_code == 303
    rig.pass_s(3 * 86_400)
    assert rig.hub.decider.policy.protection_days == 15


def test_the_second_of_two_managers_sees_what_the_first_did(rig: SettingsRig) -> None:
    chen, he = rig.manager(), rig.manager("he", "7777")
    seen_by_he = he.get("/settings/rules")
    chen.fill_in("/settings/rules", policy__absent_after_s="90")
    refused = he.fill_in(seen_by_he, policy__absent_after_s="60")
    assert refused.status_code == 422
    told = re.search(r'problem-policy.absent_after_s">([^<]*)<', refused.text)
    assert told
    assert "陈经理" in told[1]
    assert "90" in told[1]
    assert rig.hub.decider.policy.absent_after_s == 90
    again = he.fill_in(refused)
    assert again.status_code == 303, "knowing it, the second may"
    assert rig.hub.decider.policy.absent_after_s == 60


def test_two_managers_who_change_different_things_do_not_meet(rig: SettingsRig) -> None:
    chen, he = rig.manager(), rig.manager("he", "7777")
    seen_by_he = he.get("/settings/rules")
    chen.fill_in("/settings/rules", policy__absent_after_s="90")
    assert he.fill_in(seen_by_he, policy__bulk_per_hour="9").status_code == 303
    policy = rig.hub.decider.policy
    assert (policy.absent_after_s, policy.bulk_per_hour) == (90, 9)


def test_a_change_is_taken_back_unless_it_was_changed_since(
    rig: SettingsRig, manager: Manager
) -> None:
    manager.fill_in("/settings/rules", policy__protection_days="20")
    first = latest(rig)
    manager.fill_in("/settings/rules", policy__protection_days="21")
    assert manager.post(f"/settings/take-back/{first}", {}).status_code == 409
    assert rig.hub.decider.policy.protection_days == 21
    assert manager.post(f"/settings/take-back/{latest(rig)}", {}).status_code == 303
    assert rig.hub.decider.policy.protection_days == 20
    assert "已撤回" in manager.get("/settings/history").text


def test_somebody_who_left_stays_away_and_the_customers_go_evenly(
    rig: SettingsRig, manager: Manager
) -> None:
    assert "1 位" in manager.get("/settings/people/wang/leave").text
    assert manager.post("/settings/people/wang/leave", {}).status_code == 303
    assert rig.hub.has_left("wang")
    page = "/settings/people/wang/customers"
    assert manager.post(page, {"even": "li"}).status_code == 422, "a reason is asked for"
    assert manager.post(page, {"even": "li", "reason": "离职移交"}).status_code == 303
    assert not rig.site.settings.customers_of("wang")
    assert len(rig.site.settings.customers_of("li")) == 1
    rig.restart()
    assert rig.hub.has_left("wang")
    rig.assert_sound()


def test_the_last_manager_cannot_give_the_post_away(rig: SettingsRig, manager: Manager) -> None:
    manager.fill_in("/settings/people/he", roles=["bar"])
    refused = manager.fill_in("/settings/people/chen", roles=["bar"])
    assert refused.status_code == 422
    assert "管理岗" in refused.text
    assert rig.hub.roles_of("chen") == ("manager",)


def test_only_managers_come_in(rig: SettingsRig) -> None:
    li = rig.manager("li", "1111")
    for path in ("/settings", "/settings/rules", "/settings/people", "/settings/people/li"):
        assert li.get(path).status_code == 403
    assert li.post("/settings/people/chen/leave", {}).status_code == 403


def test_posts_that_change_end_the_log_ins_that_were_made_for_them(
    rig: SettingsRig, manager: Manager
) -> None:
    wu = rig.manager("wu", "3333")
    manager.fill_in("/settings/people/wu", roles=["bar"])
    assert wu.get("/handheld").status_code == 303
    assert rig.hub.roles_of("wu") == ("bar",)


def test_a_policy_is_tried_on_what_was_decided_and_then_asked_about(
    rig: SettingsRig, manager: Manager
) -> None:
    known = replace(NATURAL, phone="13800138000", consented_at=NINE)
    handle(rig.hub, known)
    before = rig.changes()
    asked = manager.fill_in("/settings/rules", policy__protection_days="5")
    assert asked.status_code == 200
    assert asked.text.count('data-testid="other"') == 1
    assert (rig.changes(), rig.hub.decider.policy.protection_days) == (before, 15)
    assert manager.fill_in(asked, confirmed="yes").status_code == 303
    assert rig.hub.decider.policy.protection_days == 5
    assert manager.fill_in("/settings/rules", policy__protection_days="6").status_code == 303
    rig.assert_sound()


def test_a_policy_is_tried_on_the_site_s_own_scenarios(rig: SettingsRig, manager: Manager) -> None:
    (rig.folder / "scenarios").mkdir()
    (rig.folder / "scenarios" / "老客户.yaml").write_text(
        "consultants: [{id: li, name: 李敏}, {id: wang, name: 王强}]\n"
        'registered: [{phone: "13800138000", consultant: wang, at: "2026-11-13 10:00"}]\n'
        "steps:\n"
        '  - {at: "2026-11-23 09:00", do: check_in, phone: "13800138000", first_visit: no}\n',
        encoding="utf-8",
    )
    (rig.folder / "scenarios" / "broken.yaml").write_text("steps: [", encoding="utf-8")
    assert manager.fill_in("/settings/rules", policy__bulk_per_hour="9").status_code == 303
    asked = manager.fill_in("/settings/rules", policy__protection_days="5")
    assert asked.status_code == 200
    assert "老客户 · v1" in asked.text
    assert "1 个情景：1 处" in asked.text
    assert manager.fill_in(asked, confirmed="yes").status_code == 303
    assert rig.hub.decider.policy.protection_days == 5


def test_every_house_rule_can_be_chosen_by_page(manager: Manager) -> None:
    page = manager.get("/settings/rules").text + manager.get("/settings/duties").text
    rules = set(Policy.__struct_fields__) - OF_THE_MACHINE
    assert [name for name in rules if f'id="at-policy.{name}"' not in page] == []
