"""What each post sees: its panels, and plates and phones whole only where it needs them."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from broker.console.post_view import PANELS, panels_of, seen_by
from broker.console.site_view import Person, VisitState
from broker.console.words import SCRIPT_GROUPS
from broker.rules.authority import What, may_at_post
from broker.rules.duty_table import HOST
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import CHEN, LI, OTHERS, SUN, ZHAO, FakeSite, busy_morning
from tests.catalogues import table_of

EVERYBODY = (LI, ZHAO, CHEN, SUN, *OTHERS)
BY_ROLE = {person.roles[0]: person for person in EVERYBODY}
VIEW = busy_morning()


def seen(person: Person) -> dict[str, Any]:
    return seen_by(person, VIEW)


def plates(found: dict[str, Any]) -> dict[str, str | None]:
    return {visit["visit_id"]: visit["plate"] for visit in found["visits"]}


def phones(found: dict[str, Any]) -> dict[str, str | None]:
    return {visit["visit_id"]: visit["phone"] for visit in found["visits"]}


def test_every_post_has_a_row_and_somebody_in_these_tests() -> None:
    assert set(PANELS) == set(BY_ROLE)
    assert {key for key in table_of("broker") if key.startswith("role.")} == {
        *(f"role.{role}" for role in PANELS),
        "role.maintenance",
        f"role.{HOST}",  # no post: whose a duty is, in the place of one
    }
    assert {"role", "panel"} <= set(SCRIPT_GROUPS)


def test_no_page_has_a_panel_for_what_its_post_may_not_do() -> None:
    needed = {
        "look_up": (What.LOOK_UP, What.LOOK_UP_OTHERS),
        "order": (What.SET_ORDER,),
        "skips": (What.TAKE_BACK_SKIP,),
        "people": (What.OTHERS_DAY,),
        "guests": (What.GREET,),
        "cars": (What.NAME_CAR,),
        "mine": (What.REGISTER,),
    }
    for role, panels in PANELS.items():
        for panel in panels:
            whats = needed.get(panel)
            assert whats is None or any(may_at_post(what, (role,)) for what in whats), (role, panel)


def test_a_host_reads_the_visitor_s_plate_and_phone_and_nobody_else_s() -> None:
    assert plates(seen(LI)) == {"v1": "浙A88888", "v2": "粤B·D***45", "v3": None}
    assert phones(seen(LI)) == {"v1": "13800138000", "v2": "139****9000", "v3": None}
    assert plates(seen(ZHAO)) == {"v1": "浙A·8**88", "v2": "粤BD12345", "v3": None}


def test_an_owner_reads_a_customer_s_data_whole_whoever_receives() -> None:
    helped = replace(VIEW.visits[2], host_id="zhao")
    found = seen_by(LI, replace(VIEW, visits=(helped,)))
    assert phones(found) == {"v1": "13800138000"}
    assert found["visits"][0]["is_host"] is False


def test_a_phone_is_told_of_the_latest_visits_and_of_those_that_wait_or_are_its_own() -> None:
    old = replace(VIEW.visits[0], state=VisitState.ARRIVED)
    states = (VisitState.WAITING, VisitState.SERVING, VisitState.FINISHED)
    late = [replace(old, state=state, host_id="li") for state in states]
    visits = tuple(
        replace(visit, visit_id=f"n{place}") for place, visit in enumerate([old] * 57 + late)
    )
    mine = [visit["visit_id"] for visit in seen_by(LI, replace(VIEW, visits=visits))["visits"]]
    assert mine == [*(f"n{place}" for place in range(30)), "n57", "n58"]
    other = [visit["visit_id"] for visit in seen_by(ZHAO, replace(VIEW, visits=visits))["visits"]]
    assert other[30:] == ["n57"]


def test_parking_needs_the_plate_and_the_door_does_not() -> None:
    assert plates(seen(SUN))["v1"] == "浙A88888"
    assert plates(seen(BY_ROLE["door"]))["v1"] == "浙A·8**88"
    for role in ("parking", "door", "steward"):
        assert phones(seen(BY_ROLE[role]))["v1"] == "138****8000"


def test_cars_and_their_candidates_are_the_gate_s_alone() -> None:
    assert [car["plate"] for car in seen(BY_ROLE["gate"])["cars"]] == ["浙A8888B", "浙A88888"]
    for role in set(BY_ROLE) - {"gate"}:
        assert seen(BY_ROLE[role])["cars"] == [], role


def test_expected_plates_are_whole_at_gate_and_parking_only() -> None:
    for role, expected in (("gate", "沪A88888"), ("parking", "沪A88888"), ("steward", "沪A·8**88")):
        vip, _ = seen(BY_ROLE[role])["expected"]
        assert tuple(vip["plates"]) == (expected,)
        assert (vip["level"], vip["host_name"]) == ("A", "李敏")


def test_only_a_manager_sees_everybody_and_what_nobody_took() -> None:
    found = seen(CHEN)
    assert [person["staff_id"] for person in found["posts"]] == ["li", "zhao", "chen", "sun"]
    assert found["alerts"][0]["text"] == "粤B·D***45 138****8000 到访"
    assert [person["staff_id"] for person in seen(LI)["posts"]] == ["li", "zhao"], "to hand over to"
    for role in set(BY_ROLE) - {"manager", "consultant"}:
        assert (seen(BY_ROLE[role])["posts"], seen(BY_ROLE[role])["alerts"]) == ([], [])


def test_water_bar_show_flat_and_cart_read_nobody_s_data() -> None:
    for role in ("bar", "showflat", "cart", "cleaning", "engineering", "security"):
        found = seen(BY_ROLE[role])
        assert found.pop("me")["staff_id"] == f"post-{role}"
        assert not any(found.values()), role


def test_a_consultant_learns_their_place_and_post() -> None:
    found = seen(ZHAO)
    assert [person["staff_id"] for person in found["line"]] == ["zhao", "li"]
    assert found["me"]["post"] == "called"


def test_somebody_with_two_posts_has_the_panels_of_both_once() -> None:
    both = panels_of(CHEN.roles)
    assert both == (
        *("numbers", "waiting", "calls", "skips", "people", "order", "expected", "look_up"),
        *("watch", "guests"),
    )
    assert panels_of(("maintenance",)) == ()


def test_the_page_is_told_over_http_with_a_session_only(app: Flask, consultant: Browser) -> None:
    stranger = Browser(app)
    for path in ("/api/me", "/api/why/v1"):
        assert stranger.get(path).status_code == 401
    answer = consultant.get("/api/me")
    assert answer.json["visits"][2]["phone"] == "13800138000"  # type: ignore[index]
    assert answer.json["visits"][0]["came_at"] == "2026-11-23T00:59:00Z"  # type: ignore[index]
    assert "1357" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_why_is_told_to_who_asks_in_their_language_and_masked(
    consultant: Browser, site: FakeSite
) -> None:
    answer = consultant.get("/api/why/v1").json
    assert answer == {
        "rule": "R6",
        "sentence": "浙A·8**88 由李敏于 11 月 10 日登记，手机 138****8000，归属李敏，由李敏接待。",
        "reason": "host",
        "host": "李敏",
        "owner": "李敏",
        "place": None,
    }
    consultant.post("/language", language="en", to="/handheld")
    assert consultant.get("/api/why/v9").status_code == 404
    assert site.asked_in == ["zh-CN", "en"]


@pytest.mark.parametrize(("staff_id", "pin"), [("sun", "7531")])
def test_who_stands_in_no_line_may_not_ask_why(app: Flask, staff_id: str, pin: str) -> None:
    phone = Browser(app)
    phone.log_in(staff_id, pin)
    assert phone.get("/api/why/v1").status_code == 403


def file_at(browser: Browser, path: str) -> bytes:
    """The file, read to its end and closed."""
    with browser.get(path) as answer:
        assert answer.status_code == 200, path
        return bytes(answer.data)


def test_the_page_installs_as_an_app(browser: Browser) -> None:
    answer = browser.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    app = answer.json
    assert app is not None
    assert (app["start_url"], app["display"]) == ("/handheld", "standalone")
    for icon in app["icons"]:
        picture = file_at(browser, icon["src"])
        assert picture.startswith(b"\x89PNG")
        assert picture[16:24] == 2 * int(icon["sizes"].split("x")[0]).to_bytes(4, "big")
    assert b"addEventListener" in file_at(browser, "/offline_worker.js")
    assert "西湖壹号" in browser.get("/offline").text
