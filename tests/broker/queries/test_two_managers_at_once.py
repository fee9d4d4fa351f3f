"""Two managers decide the same by their panels: the second overwrites nothing unseen.

The acts are read from the table of reports, so that a new one without a row here fails.
"""

import re
from collections.abc import Callable

import pytest

from broker.console.people_view import Person
from broker.console.post_view import seen_by
from broker.handlers.report_kinds import REPORTS
from broker.handlers.table import handle
from broker.rules.authority import may_at_post
from broker.rules.state import MANAGER
from shared.messages import ReportKind, StaffReport
from shared.words import Sentence
from tests.samples import NATURAL
from tests.settings_rig import SettingsRig

ADDS, ONCE = "adds to the record, and takes nothing away", "does one thing, once"
WORK = "a step of work: the rules know who took it first"
OVERWRITES_NOTHING = {
    "own day, or somebody's": ("away", "back", "join", "leave"),
    WORK: (
        *("serving", "declined", "finished", "still_here", "stand_in", "called_owner"),
        *("met", "on_foot", "greeted", "umbrella", "sun_shade", "seated", "ordered"),
        *("showflat", "show_flat", "cart", "let_in", "turned_away", "pass_fits", "pass_mismatch"),
        *("duty_done", "duty_impossible", "duty_run", "duty_skip"),
    ),
    ADDS: ("owner_found", "family", "wishes", "forced_entry", "sent_on", "rain", "sun", "fair"),
    ONCE: ("take_back_skip", "close_day", "leaves_company", "release_entries"),
    "says what it saw in its note": ("confirm_clock",),
}


def page_of(rig: SettingsRig, who: str) -> dict[str, object]:
    """What this manager's panels show."""
    return seen_by(Person(who, who, (MANAGER,), "1"), rig.site.overview("zh-CN"))


def visit_of(shown: dict[str, object]) -> dict[str, object]:
    visits = shown["visits"]
    assert isinstance(visits, list)
    return visits[0]  # type: ignore[no-any-return]


def order(shown: dict[str, object], *ids: str) -> dict[str, object]:
    return {"kind": ReportKind.SET_ORDER, "order": ids, "seen": shown["order_mark"]}


def ruling(shown: dict[str, object], owner: str, _other: str) -> dict[str, object]:
    visit = visit_of(shown)
    told = {"visit_id": visit["visit_id"], "for_staff_id": owner, "reason": "名片"}
    return {"kind": ReportKind.RULING, "seen": visit["mark"], **told}


def hand_over(shown: dict[str, object], _to: str, other: str) -> dict[str, object]:
    visit = visit_of(shown)
    told = {"visit_id": visit["visit_id"], "for_staff_id": other}
    return {"kind": ReportKind.HAND_OVER, "seen": visit["host_id"], **told}


Fields = dict[str, object]
MEETINGS: dict[ReportKind, tuple[Callable[..., Fields], tuple[str, ...], tuple[str, ...], str]] = {
    ReportKind.SET_ORDER: (order, ("li", "wang"), ("wang", "li"), "1 李敏 · 2 王强"),
    ReportKind.RULING: (ruling, ("wang", "li"), ("li", "wang"), "王强"),
    ReportKind.HAND_OVER: (hand_over, ("li", "wang"), ("li", "wang"), "王强"),
}


def sent(rig: SettingsRig, who: str, name: str, fields: dict[str, object]) -> Sentence | None:
    now = rig.clock()
    return handle(rig.hub, StaffReport(report_id=name, staff_id=who, reported_at=now, **fields))  # type: ignore[arg-type]


def test_every_act_of_a_manager_s_says_what_it_saw_or_overwrites_nothing() -> None:
    acts = {
        kind
        for kind, row in REPORTS.items()
        if any(may_at_post(what, (MANAGER,)) for what in (row.what, row.for_others) if what)
    }
    harmless = {ReportKind(name) for names in OVERWRITES_NOTHING.values() for name in names}
    assert acts == MEETINGS.keys() | harmless
    assert {kind for kind, row in REPORTS.items() if row.unseen} == MEETINGS.keys()


@pytest.mark.parametrize("kind", MEETINGS)
def test_the_second_hears_what_the_first_did_and_decides_again(
    rig: SettingsRig, kind: ReportKind
) -> None:
    made, first, second, told = MEETINGS[kind]
    handle(rig.hub, NATURAL)
    seen = page_of(rig, "he")
    assert sent(rig, "chen", "r-1", made(page_of(rig, "chen"), *first)) is None
    after = page_of(rig, "he")
    for _again in range(2):  # a page sends until it hears
        refused = sent(rig, "he", "r-2", made(seen, *second))
        assert refused is not None
        assert re.search(told, refused.in_language("zh-CN"))
    assert page_of(rig, "he") == after
    assert not rig.hub.inbox.has_message("r-2")
    assert sent(rig, "he", "r-3", made(after, *second)) is None
    rig.assert_sound()


@pytest.mark.parametrize("kind", MEETINGS)
def test_a_phone_of_an_older_release_does_not_say_what_it_saw(
    rig: SettingsRig, kind: ReportKind
) -> None:
    made, first, second, _told = MEETINGS[kind]
    handle(rig.hub, NATURAL)
    seen = page_of(rig, "he")
    assert sent(rig, "chen", "r-1", made(seen, *first)) is None
    assert sent(rig, "he", "r-2", made(seen, *second) | {"seen": None}) is None
