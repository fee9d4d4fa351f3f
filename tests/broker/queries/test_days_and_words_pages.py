"""Days with hours of their own, the house's words and cases: chosen by name, never by code."""

from datetime import timedelta

from broker.handlers.table import handle
from shared.messages import Roster
from tests.samples import NATURAL
from tests.settings_rig import Manager, SettingsRig


def test_on_a_holiday_nobody_s_turn_is_used(rig: SettingsRig, manager: Manager) -> None:
    page = manager.post(
        "/settings/days",
        {"on": "2026-11-23", "old": "", "open": "", "close": "", "name": "测试日", "was": "null"},
    )
    assert page.status_code == 303
    handle(rig.hub, NATURAL)
    visit = rig.hub.visits.of_check_in(NATURAL.check_in_id)
    assert visit is not None
    assert visit.host_id == "manager"
    assert not visit.is_turn_used
    rig.pass_s(timedelta(days=1).total_seconds())
    assert rig.hub.decider.policy.is_open(rig.clock())
    rig.assert_sound()


def test_half_hours_of_a_day_are_refused_on_that_day(rig: SettingsRig, manager: Manager) -> None:
    page = manager.post(
        "/settings/days",
        {"on": "2026-12-25", "old": "", "open": "10:00", "close": "", "name": "", "was": "null"},
    )
    assert page.status_code == 422
    assert 'data-testid="problem-days.2026-12-25.close"' in page.text


def test_the_house_s_words_and_colours_reach_tablets_and_pages(
    rig: SettingsRig, manager: Manager
) -> None:
    page = manager.get("/settings/house")
    names = {
        "drinks__zh-CN": ["", "西湖龙井", ""],
        "drinks__en": ["Java", "Longjing", ""],
        "drinks__zh-TW": ["", "", ""],
    }
    saved = manager.fill_in(
        page,
        brand__colour="#1f4a3f",
        brand__en="West Lake",
        drinks__key=["coffee", "", ""],
        **names,
    )
    assert saved.status_code == 303
    roster = rig.hub.roster()
    assert isinstance(roster, Roster)
    assert [drink.key for drink in roster.drinks] == ["coffee", "longjing"]
    assert roster.brand is not None
    assert roster.brand.colour == "#1f4a3f"
    assert "1f4a3f" in rig.app.test_client().get("/look/brand.css").text


def test_a_drink_without_a_latin_name_is_added_and_one_is_taken_out(
    rig: SettingsRig, manager: Manager
) -> None:
    before = len(rig.hub.people.drinks)
    names = ["", *[""] * (before - 1), "红枣茶", ""]
    assert 'placeholder="绿茶"' in manager.get("/settings/house").text
    manager.fill_in(
        "/settings/house", **{"drinks.zh-CN": names, "drinks.gone": ["coffee", "lemonade"]}
    )
    keys = [drink.key for drink in rig.hub.people.drinks]
    assert keys == ["green_tea", "black_tea", "warm_water", "hongzaocha"]
    refused = manager.fill_in("/settings/house", **{"drinks.gone": keys})
    assert 'data-testid="problem-words.drinks"' in refused.text
    assert [drink.key for drink in rig.hub.people.drinks] == keys


def test_a_post_has_another_name_here(rig: SettingsRig, manager: Manager) -> None:
    names = ["驻场顾问", *[""] * 13]
    manager.fill_in("/settings/house", **{"posts.zh-CN": names})
    assert [(post.key, post.zh_cn) for post in rig.hub.people.posts] == [("consultant", "驻场顾问")]
    manager.fill_in("/settings/house", **{"posts.zh-CN": [""] * 14})
    assert rig.hub.people.posts == ()


def test_who_need_not_be_entered_is_listed_and_the_list_may_be_empty_again(
    rig: SettingsRig, manager: Manager
) -> None:
    manager.fill_in("/settings/house", **{"exempt.zh-CN": ["集团领导", "快递员"]})
    (first, second) = rig.hub.people.exempt
    assert (first.zh_cn, second.zh_cn) == ("集团领导", "快递员")
    assert rig.hub.people.offered["exempt"] == (first.key, second.key)
    saved = manager.fill_in("/settings/house", **{"exempt.gone": [first.key, second.key]})
    assert saved.status_code == 303
    assert rig.hub.people.exempt == ()
    rig.assert_sound()


def test_a_holiday_is_moved_by_its_date_and_taken_out(rig: SettingsRig, manager: Manager) -> None:
    days = [""] * 3
    manager.fill_in("/settings/days", on=["2026-12-25", "2026-12-26", ""], name=["一", "二", ""])
    manager.fill_in("/settings/days", on=["2026-12-26", "2026-12-27", *days])
    found = rig.hub.decider.policy.special_days
    assert [(f"{day.on}", day.name) for day in found] == [
        ("2026-12-26", "一"),
        ("2026-12-27", "二"),
    ]
    manager.fill_in("/settings/days", gone="2026-12-26")
    assert [day.name for day in rig.hub.decider.policy.special_days] == ["二"]
    rig.assert_sound()


def test_which_cases_use_a_turn_is_ticked_by_name(rig: SettingsRig, manager: Manager) -> None:
    assert "自然到访" in manager.get("/settings/rules").text
    ticked = ["R4b", "R8", "R14"]
    manager.fill_in("/settings/rules", policy__rows_that_use_a_turn=ticked)
    assert rig.hub.decider.policy.rows_that_use_a_turn == tuple(ticked)
    assert "自然到访" in manager.get("/settings/history").text
    rows = list(rig.hub.decider.policy.rows)
    refused = manager.fill_in("/settings/rules", policy__rows=[rows[1], *rows[1:]])
    assert 'data-testid="problem-policy.rows"' in refused.text
