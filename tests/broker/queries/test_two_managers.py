"""Two managers with the same page open: the second sees what the first did, one entry of theirs.

The forms are read from the table of routes, so that a new one without a row here fails.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from broker.handlers.table import handle
from shared.messages import Booking, BookingKind
from tests.broker.console.routes import ROUTES, Row
from tests.fakes import NINE
from tests.settings_rig import Manager, SettingsRig, forms_in

Values = Mapping[str, str | list[str]]
PICTURES = tuple(b"\x89PNG\r\n\x1a\n" + bytes([number]) * 20 for number in (1, 2))


@dataclass(frozen=True, slots=True)
class Meeting:
    """A form that two managers have open. ``to``: its address, None being the page's own."""

    page: str
    first: Values
    second: Values
    to: str | None = None
    has: str | None = None
    """A field by which the form is found among the page's."""
    before: Callable[[SettingsRig], None] = field(default=lambda _rig: None)
    """What is there before they open the page."""


def add_pass(rig: SettingsRig) -> None:
    rig.manager().fill_in("/passes/edit", plate="浙A00001", holder="施工队")


def add_device(rig: SettingsRig) -> None:
    rig.hear_kiosk()
    form = {"name": "北厅", "kind": "tablet", "kiosk_id": "lobby"}
    assert rig.manager().post("/settings/devices", form).status_code == 200


def add_plan(rig: SettingsRig) -> None:
    plan = Booking(
        booking_id="b-1",
        staff_id="chen",
        kind=BookingKind.VIP,
        booked_at=NINE,
        starts_at=NINE.replace(hour=6),
        ends_at=NINE.replace(hour=7),
        name="贺总",
        phone="13900000001",
        vip_level="vip",
    )
    handle(rig.hub, plan)


def let_wang_leave(rig: SettingsRig) -> None:
    assert rig.manager().post("/settings/people/wang/leave", {}).status_code == 303


LINE = {"text": ["开灯", "", ""], "times": ["09:30", "", ""]}
DAY = {"on": ["2027-02-06", "", ""], "open": ["10:00", "", ""], "close": ["16:00", "", ""]}
SWAP = {"staff_id": "li", "on": "2026-11-25"}
MOVED = {"act": "move", "ends_at": "2026-11-23T20:00"}
GIVEN = {"reason": "离职移交", "even": "li"}
MEETINGS: dict[str, list[Meeting]] = {
    "settings.rules": [
        Meeting("/settings/rules", {"policy.absent_after_s": "90"}, {"policy.absent_after_s": "60"})
    ],
    "settings.days": [
        Meeting("/settings/days", DAY, {**DAY, "close": ["15:00", "", ""]}),
    ],
    "settings.duties": [
        Meeting("/settings/duties", LINE, {**LINE, "times": ["10:00", "", ""]}, "/settings/duties")
    ],
    "settings.house": [
        Meeting("/settings/house", {"brand.zh-CN": "云栖"}, {"brand.zh-CN": "西溪"}),
    ],
    "people.one": [Meeting("/settings/people/li", {"name": "李小敏"}, {"name": "李大敏"})],
    "people.fresh_pin": [Meeting("/settings/people/li", {}, {}, "/settings/people/li/pin")],
    "people.leave": [Meeting("/settings/people/wang/leave", {}, {})],
    "people.customers": [
        Meeting("/settings/people/wang/customers", GIVEN, GIVEN, before=let_wang_leave, has="even")
    ],
    "shift_plan.plan": [
        Meeting("/settings/shifts", {"week.li": ["1"]}, {"week.li": ["2"]}, has="was.li"),
        Meeting("/settings/shifts", {**SWAP, "how": "off"}, {**SWAP, "how": "on"}, has="swaps"),
    ],
    "devices.change": [
        Meeting(
            "/settings/devices",
            {"name": "南厅", "deed": "rename"},
            {"name": "西厅", "deed": deed},
            "/settings/devices/beiting",
            before=add_device,
        )
        for deed in ("rename", "link", "retire")
    ],
    "passes.edit": [
        Meeting("", {"holder": "绿化"}, {"holder": "保洁"}, "/passes/edit", before=add_pass),
        Meeting("", {"holder": "绿化"}, {"gone": "yes"}, "/passes/edit", before=add_pass),
    ],
    "plans.stepped": [
        Meeting(
            "/plans",
            {**MOVED, "starts_at": "2026-11-23T18:00"},
            {**MOVED, "starts_at": "2026-11-23T19:00", "act": act},
            "/plans/b-1",
            before=add_plan,
        )
        for act in ("move", "cancel")
    ],
    "pictures.of_brand": [
        Meeting("/settings/house", {}, {}, "/settings/picture/brand/logo", "picture")
    ],
    "pictures.of_person": [
        Meeting("/settings/people/li", {}, {}, "/settings/picture/person/li", "picture")
    ],
}
NEW, ONCE = "enters something new", "does one thing, once"
OWN_WAY = "a step of work: the rules know who took it first"
OVERWRITES_NOTHING = {
    "door.log_in_by_pin": ONCE,
    "door.log_out": ONCE,
    "pages.sign_out": ONCE,
    "people.add": NEW,
    "devices.everything": NEW,
    "imports.upload": NEW,
    "imports.enter": ONCE,
    "imports.take_back": ONCE,
    "settings.take_back": "refused where a row was changed since",
    "plans.booked": NEW,
    "events.invited": NEW,
    "shifts.ask": NEW,
    "shifts.answer": OWN_WAY,
    "cases.opened": NEW,
    "cases.worked": OWN_WAY,
    "cases.picture_brought": NEW,
    "duties.ticked": OWN_WAY,
    "disputes.unmasked": "shows something, on record",
    "channels.one": "refused where it was changed since: tests/broker/console/test_channel_page",
    "channels.try_out": ONCE,
    "first_pages.alert": ONCE,
    "first_pages.camera": ONCE,
    "first_pages.key": "shows something, on record",
}


def test_every_form_of_a_manager_s_is_tried_or_overwrites_nothing() -> None:
    forms = {
        endpoint
        for (method, endpoint), row in ROUTES.items()
        if method == "POST" and isinstance(row, Row) and "manager" in row.who
    }
    assert forms == MEETINGS.keys() | (OVERWRITES_NOTHING.keys() & forms)


def written(rig: SettingsRig) -> int:
    """The journal's last entry."""
    (last,) = rig.hub.inbox.db.execute("select max(seq) from journal").fetchone()
    return int(last)


def authors(rig: SettingsRig, since: int) -> list[str | None]:
    """Who is behind each message that the journal took since then; steps follow from these."""
    rows = rig.hub.inbox.db.execute("select kind, body from journal where seq > ?", [since])
    asked = (json.loads(body) for kind, body in rows.fetchall() if kind[0].isupper())
    return [body.get("by", body.get("staff_id")) for body in asked]


def sent(manager: Manager, page: TestResponse, meeting: Meeting, number: int) -> TestResponse:
    """The answer to the form as it stood on the page that this manager had opened."""
    found = (
        (to, fields)
        for to, fields in forms_in(page.text)
        if (meeting.to == "" or to == meeting.to) and (meeting.has is None or meeting.has in fields)
    )
    to, fields = next(found, (meeting.to, {}))
    values = {**fields, **(meeting.first, meeting.second)[number]}
    if meeting.has != "picture":
        return manager.post(to or page.request.path, values)
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    picture = (BytesIO(PICTURES[number]), "a.png")
    data = {**values, "csrf": token[1], "picture": picture}
    return manager.client.post(to or "", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "meeting",
    [pytest.param(each, id=name) for name, meetings in MEETINGS.items() for each in meetings],
)
def test_the_second_overwrites_nothing_unseen(rig: SettingsRig, meeting: Meeting) -> None:
    meeting.before(rig)
    path = meeting.page
    if not path:
        (held,) = rig.hub.people.passes
        path = f"/passes/edit?id={held.id}"
    chen, he = rig.manager(), rig.manager("he", "7777")
    seen_by_chen, seen_by_he = chen.get(path), he.get(path)
    before = written(rig)
    assert sent(chen, seen_by_chen, meeting, 0).status_code in (200, 303)
    done = written(rig)
    assert authors(rig, before) == ["chen"]
    refused = sent(he, seen_by_he, meeting, 1)
    assert refused.status_code in (404, 409, 422), refused.text
    assert written(rig) == done


PLAN_FORM = {"kind": "vip", "level": "vip", "phone": "13900000002", "ends_at": "2026-11-24T11:00"}
NEW_FORMS: dict[str, tuple[str, Values]] = {
    "settings.take_back": ("/settings/take-back/{change}", {}),
    "people.add": ("/settings/people/new", {"name": "周敏", "roles": ["consultant"]}),
    "devices.everything": (
        "/settings/devices",
        {"name": "东厅", "kind": "tablet", "kiosk_id": "lobby"},
    ),
    "plans.booked": ("/plans/new", {**PLAN_FORM, "starts_at": "2026-11-24T10:00"}),
    "events.invited": (
        "/events/new",
        {
            "name": "开放日",
            "on": "2026-11-24",
            "times": "10:00",
            "minutes": "60",
            "places": "9",
            "guests": "周女士 13900000003",
        },
    ),
    "passes.edit": ("/passes/edit", {"id": "", "was": "null", "plate": "浙A00009"}),
    "shift_plan.plan": (
        "/settings/shifts",
        {"part": "leave", "staff_id": "li", "first": "2026-11-24", "last": "2026-11-24"},
    ),
    "shifts.ask": ("/shifts", {"first": "2026-11-24", "last": "2026-11-24", "reason": "年假"}),
    "shifts.answer": ("/shifts/{request}", {"answer": "yes"}),
    "pages.sign_out": ("/sign-out/li", {}),
}


def test_what_is_new_is_one_entry_with_its_author_too(rig: SettingsRig) -> None:
    rig.hear_kiosk()
    rig.manager().fill_in("/settings/rules", policy__protection_days="20")
    for name, (path, form) in NEW_FORMS.items():
        before, requests = written(rig), rig.hub.choices.policy.shifts.requests
        request = requests[-1].request_id if requests else ""
        to = path.format(change=rig.hub.choices.kept[-1].change.change_id, request=request)
        who = "li" if name == "shifts.ask" else "he"
        assert rig.by_code(who).post(to, form).status_code in (200, 303), name
        assert authors(rig, before) == [who], name
    rig.assert_sound()
