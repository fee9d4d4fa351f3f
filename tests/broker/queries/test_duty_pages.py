"""The manager writes the table of duties by page, and each post ticks its own."""

from broker.console.duties_form import USUAL
from broker.rules.duty_table import Late
from tests.settings_rig import Manager, SettingsRig

TABLE = "/settings/duties"


def filled(manager: Manager, page: str = TABLE, **values: str) -> int:
    """The status after the first empty line, or each first line, says ``values``."""
    typed = {name: [text, *("",) * 2] for name, text in values.items()}
    return manager.fill_in(manager.get(page), **typed).status_code


def test_the_usual_list_is_offered_looked_over_and_saved(
    rig: SettingsRig, manager: Manager
) -> None:
    assert "填入常用清单" in manager.get(TABLE).text
    assert rig.hub.decider.policy.duties == ()
    manager.fill_in(manager.get(f"{TABLE}?usual=1"))
    duties = rig.hub.choices.policy.duties
    assert len(duties) == len(USUAL)
    assert duties[0].times == "open-30"
    assert "填入常用清单" not in manager.get(TABLE).text
    assert "09:00" not in manager.get("/duties").text, "a new table rings for nothing of before"
    manager.fill_in(manager.get(TABLE), gone=[duties[0].key, duties[1].key])
    assert rig.hub.choices.policy.duties == duties[2:]
    rig.assert_sound()


def test_a_duty_is_written_told_and_ticked_by_page(rig: SettingsRig, manager: Manager) -> None:
    line = {"text": "巡逻", "post": "parking", "times": "09:30  13:00", "within_minutes": "10"}
    assert filled(manager, **line, late="skip", scene="lights", scene_value="film") == 303
    (plan,) = rig.hub.choices.policy.duties
    assert (plan.scene, plan.scene_value) == ("lights", "film")
    assert 'value="film"' in manager.get(TABLE).text
    assert filled(manager, scene="", scene_value="") == 303
    (plan,) = rig.hub.choices.policy.duties
    assert plan.scene is None
    assert (plan.times, plan.within_minutes, plan.late) == ("09:30 13:00", 10, Late.SKIP)
    rig.pass_s(1)
    rig.pass_s(3600)
    wu, early = rig.manager("wu", "3333"), f"/duties/20261123-1300-{plan.key}"
    page = wu.get("/duties").text
    assert (page.count('data-state="planned"'), page.count('data-state="skipped"')) == (1, 1)
    assert wu.post(early, {"kind": "duty_done"}).status_code == 303
    assert "已完成" in wu.get("/duties").text
    assert "小吴已经记过" in wu.post(early, {"kind": "duty_done"}).text
    assert "没有这项任务" in wu.post("/duties/none", {"kind": "duty_done"}).text
    door = rig.manager("lin", "5555")
    assert "今天没有任务" in door.get("/duties").text


def test_times_that_no_clock_shows_are_said_on_the_form(manager: Manager) -> None:
    page = manager.fill_in(
        manager.get(TABLE),
        text=["巡逻", "", ""],
        times=["每小时", "", ""],
        post=["door", "desk", "desk"],
    )
    assert page.status_code == 422
    assert "看不懂" in page.text
    assert 'value="每小时"' in page.text


def test_a_long_table_is_saved_too(rig: SettingsRig, manager: Manager) -> None:
    count = 90
    lines = {
        "key": [""] * count,
        "text": [f"检查第{number}个房间的灯光和空调" for number in range(count)],
        "post": ["door"] * count,
        "times": ["open-30"] * count,
        "within_minutes": ["15"] * count,
        "late": ["ask"] * count,
    }
    assert manager.post(TABLE, {"was.policy.duties": "null", **lines}).status_code == 303
    assert len(rig.hub.choices.policy.duties) == count
    assert manager.fill_in(manager.get(TABLE)).status_code == 303
