"""An event day by page, end to end: invited from a list, checked in by the code, reported."""

import re

from msgspec.structs import replace

from tests.hub_answers import answers, registration
from tests.samples import NATURAL
from tests.settings_rig import Manager, SettingsRig

OPEN_DAY = {
    "name": "开放日",
    "on": "2026-11-23",
    "times": "14:00 15:00",
    "minutes": "60",
    "places": "2",
}
GUESTS = "周女士 13900000001\n万总 13900000002\n钱女士 13900000003"
PAGE = "/events/2026-11-23?name=开放日"


def counted(page: str) -> tuple[str, ...]:
    found = re.search(r"邀请 (\d+) · 到场 (\d+) · 未到 (\d+)", page)
    assert found
    return found.groups()


def plans_page(manager: Manager) -> str:
    return " ".join(manager.get("/plans").text.split())


def test_guests_are_invited_come_and_stay_away(rig: SettingsRig, manager: Manager) -> None:
    answers(rig.hub, registration(1, "wang", "13900000002"))
    assert manager.post("/events/new", {**OPEN_DAY, "guests": GUESTS}).status_code == 303
    plans = {plan.phone: plan for plan in rig.hub.decider.state.expected}
    local = rig.hub.decider.policy.local
    assert [f"{local(plans[f'1390000000{n}'].starts_at):%H:%M}" for n in (1, 2, 3)] == [
        *("14:00", "14:00", "15:00")
    ]
    assert plans["13900000002"].host_id == "wang", "their owner receives them"
    assert counted(manager.get(PAGE).text) == ("3", "0", "0")
    more = {**OPEN_DAY, "guests": "一 13900000004\n二 13900000005"}
    refused = manager.post("/events/new", more)
    assert refused.status_code == 409
    assert "还差 1 个" in refused.text
    rig.pass_s(5 * 3600)
    now = rig.clock()
    shown = replace(NATURAL, phone="13900000001", checked_in_at=now, sent_at=now, consented_at=now)
    answers(rig.hub, shown)
    assert counted(manager.get(PAGE).text) == ("3", "1", "0")
    third = plans["13900000003"].booking_id
    marks = dict(
        re.findall(r'action="/plans/([^"]+)">.*?name="seen" value="([^"]+)"', plans_page(manager))
    )
    step = {"act": "cancel", "seen": marks[third]}
    assert manager.post(f"/plans/{third}", step).status_code == 303
    rig.pass_s(3600 + 60)
    assert counted(manager.get(PAGE).text) == ("2", "1", "1")
    rig.pass_s(24 * 3600)
    page = rig.manager().get(PAGE).text
    assert counted(page) == ("2", "1", "1"), "it reads the same on later days"
    assert "已取消" in page
    rig.assert_sound()


def test_who_is_in_the_house_now_is_invited_too(rig: SettingsRig, manager: Manager) -> None:
    now = rig.clock()
    here = replace(NATURAL, phone="13900000001", checked_in_at=now, sent_at=now, consented_at=now)
    answers(rig.hub, here)
    again = {**OPEN_DAY, "on": "2026-11-25", "guests": GUESTS}
    assert manager.post("/events/new", again).status_code == 303
    assert len(rig.hub.decider.state.expected) == 3
    rig.assert_sound()
