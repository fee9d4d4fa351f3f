"""Every sentence of the staff's pages, in every language, and none too many."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from markupsafe import escape

import broker.console
from broker.choices.rows import WORD_KINDS
from broker.console.case_page import PLACES
from broker.console.dispute_view import Mark, Topic
from broker.console.door import REASONS
from broker.console.own_page import PROBLEMS, SAID
from broker.console.own_view import Erasing
from broker.console.patterns_view import Conduct
from broker.console.people_page import TYPED
from broker.console.post_view import PANELS
from broker.console.readiness import STEPS
from broker.console.ready_texts import TEXTS
from broker.console.settings_fields import BRAND_FIELDS, RULE_GROUPS
from broker.console.settings_page import RULES
from broker.console.site_view import Post, VisitState
from broker.console.specimen import MOODS
from broker.console.words import SCRIPT_GROUPS
from broker.health.site_figures import Condition
from broker.rules.case_classes import CLASSES
from broker.rules.cases import Act, State
from broker.rules.follow_ups import Stage
from broker.rules.line import Note
from broker.rules.policy import END_OF_LINE, KEEP_ORDER, REACHES, ROWS
from broker.rules.retention import Retention
from broker.rules.why import REASONS as WHY
from broker.site_words import SiteWord, words_of
from shared import plate
from shared.disk import DiskTrouble
from shared.messages import (
    Answer3,
    BookingKind,
    Ground,
    Level,
    NodeKind,
    Outcome,
    ReportKind,
    ServiceKind,
)
from shared.words import LANGUAGES
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_duties import POST_ACTS, POST_WORDS, TRIED_WORDS
from tests.broker.console.fake_site import FakeSite
from tests.catalogues import table_of

ALERTS = {f"alert_{group}" for group in ("title", "text", "part", "word", "post")}
TOLD = {"decision", "notice", "story", "found", "called", "greeting", "speech", *ALERTS}
ELSEWHERE = {"doctor", "group", "home", "house", "may", "may_who", "phones", "register", *TOLD}
"""Groups of sentences that no page of the staff says."""
TABLE = {
    key: said for key, said in table_of("broker").items() if key.split(".")[0] not in ELSEWHERE
}
FOLDER = Path(broker.console.__file__).parent
SCRIPTS = FOLDER / "static"
MADE_OF: dict[str, set[str]] = {
    "role": {*PANELS, "maintenance", "host"},
    "state": set(VisitState),
    "post": set(Post),
    "kind": set(NodeKind),
    "node": {NodeKind.GATE, NodeKind.KIOSK, NodeKind.HUB, "scene"},
    "level": set(Level),
    "other": {*ServiceKind, "sent_on"},
    "papers": {"kind", "name", "whom", "number", "came", "left"},
    "problem": {
        *("camera_offline", "camera_frozen", "camera_black", "camera_over_exposed", "sound_off"),
        "message_lost",
        "file_mended",
        "clock_refused",
        *DiskTrouble,
    },
    "login": set(REASONS),
    "page": {"stale", "busy", "log_in", "managers", "no_page", "long", "broken"},
    "column": {"time", "plate", "visitor", "host", "state", "why"},
    "why": {*(key for key, _ in WHY), "other", "asking", "unknown"},
    "alert": {
        *("ringing", "claiming", "mine", "claimed", "expired", "cancelled", "passed", "info"),
        *("times_mine", "times_info", "times_over", "mine_notice", "mine_task"),
    },
    "act": {
        *(f"outcome_{outcome}" for outcome in Outcome),
        *("followed_up", "owner_reached", "owner_silent", *POST_ACTS),
        *("sent", "kept", "not_sent", "hub_away", "elsewhere", "car_gone"),
    },
    **POST_WORDS,
    "text": {*TEXTS, *(f"title_{key}" for key in TEXTS)},
    "form": {"log_out", "log_out_not", "log_out_title"},
    "unsent": {"sending", "unsaved", "hub_away", "no_network", "no_answer", "too_late"},
    "panel": {name for names in PANELS.values() for name in names},
    "turn": {f"out_{post}" for post in Post},
    "expected": set(BookingKind),
    "own": {*PROBLEMS.values(), "gone_lead", "erased", *SAID, *Erasing, *Answer3}
    | set(re.findall(r"line\('(\w+)'", (FOLDER / "templates/own.html").read_text("utf-8"))),
    "need": {"umbrella", "wheelchair"},
    "salutation": {"mr", "ms"},
    "note": set(Note),
    "ground": set(Ground),
    "dispute": {
        *(f"mark_{mark}" for mark in Mark),
        *(f"also_{mark}" for mark in Mark),
        *(f"topic_{topic}" for topic in Topic),
        *("open", "ruled", "calm", "arrived", "checked_in", "car_left", "finished"),
        *("key_phone", "key_plate", "and", "entered", "looked_up", "by_earliest", "by_phone"),
        "unmasked",
        *("ask_first_visit", "ask_family", "ask_contacted"),
    },
    "health": {
        *(f"condition_{condition}" for condition in Condition),
        *("way_medium", "way_mail", "way_webhook"),
        *re.findall(
            r'call tile\("(\w+)"', (FOLDER / "templates/health_live.html").read_text("utf-8")
        ),
    },
    "look": {
        *(f"mood_{mood}" for mood in MOODS),
        *re.findall(
            r'call shown\("(\w+)"', (FOLDER / "templates/specimen.html").read_text("utf-8")
        ),
    },
    "report": {"who", "received", "turns", "make_ups", "stand_ins", "passed_over", "answered_s"},
    "case": {
        *(f"class_{name}" for name in CLASSES),
        *(f"state_{state}" for state in State),
        *(f"act_{act}" for act in Act),
        *(f"place_{place}" for place in PLACES),
        *("part_customer", "part_engineering", "part_desk"),
        *("kept_acknowledge", "kept_solve", "was_late", "in_time"),
    },
    "follow": {*Stage} - {Stage.LATER},
    "outcome": set(Outcome),
    "numbers": {"waiting", "serving", "unanswered", "longest"},
    "setting": {field.row for field in (*RULES, *BRAND_FIELDS)}
    | {*WORD_KINDS, "order", "duties", "rows_lead", END_OF_LINE, KEEP_ORDER, *REACHES, *ROWS},
    "settings": {f"group_{group}" for group in RULE_GROUPS} | {f"person_{name}" for name in TYPED},
    "ready": {f"step_{name}" for name in STEPS} | TRIED_WORDS,
    "shift": {"on", "off", "leave", "closed", "week"}
    | {"short_on", "short_off", "short_leave", "short_closed"},
    "tab": {"alerts", "people", "line", "more"},
    "wall": {f"scene_{scene}" for scene in ("back", "hall")},
    "span": {"days", "hours", "minutes"},
    "retention": {name.removesuffix("_days") for name in Retention.__struct_fields__},
    "pattern": {field.name for field in fields(Conduct)} - {"staff_id", "name"},
}
"""Keys that are put together of a group and a value, by group."""


READ = ("why", "dispute", "disputes", "text")
"""What the sheet shows besides forms."""


def scripts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*/*.js"))


def of_forms() -> set[str]:
    """The sentences of the forms, their fields and what can be chosen in them."""
    forms = (SCRIPTS / "handheld/forms.js").read_text(encoding="utf-8")
    made_fields = (SCRIPTS / "handheld/fields.js").read_text(encoding="utf-8")
    names = set(re.findall(r"^  (\w+): \{", forms, re.MULTILINE))
    made = {f"form.{name}" for name in names} | {f"form.{name}_title" for name in {*names, *READ}}
    made |= {key for key in TABLE if key.endswith("_note") and key[5:-5] in names}
    made |= {f"field.{name}" for name in re.findall(r"Field\(\"(\w+)\"", made_fields)}
    made |= {f"field.{name}" for name in re.findall(r"label: \"(\w+)\"", made_fields)}
    made |= {f"field.{name}" for name in re.findall(r", null, \"(\w+)\"", made_fields)}
    made |= {f"field.{name}_on" for name in re.findall(r"switchField\(\"(\w+)\"", made_fields)}
    made |= {f"field.{name}_none" for name in re.findall(r"listField\(\"(\w+)\"", made_fields)}
    for group in ("PURPOSES", "AREAS", "BUDGETS", "SOURCES"):
        name = group.lower().removesuffix("s")
        (keys,) = re.findall(rf"^const {group} = \[(.*)\];$", made_fields, re.MULTILINE)
        made |= {f"{name}.{key}" for key in re.findall(r'"([^"]+)"', keys)} | {f"field.{name}"}
    lists = dict(re.findall(r"^const (\w+) = \[(.*)\];$", made_fields, re.MULTILINE))
    made |= {f"channel.{value}" for value in re.findall(r'"([^"]+)"', lists["CHANNELS"])}
    # Fields whose own name is never shown: another label stands there.
    unseen = ("place", "note", "post", "for_staff_id", "by_staff_id")
    return made - {f"field.{name}" for name in unseen}


def keys_used() -> set[str]:
    sources = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html"), *SCRIPTS.glob("*.js")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources) + scripts()
    whole = set(re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", text)) & set(TABLE)
    deeds = set(re.findall(r"(?:deed|opener|open|opens|answers|reports)\(\s*\"(\w+)\"", scripts()))
    made = {f"{group}.{value}" for group, values in MADE_OF.items() for value in values}
    made |= {f"act.{name}" for name in deeds} & set(TABLE)
    return whole | made | of_forms() | {"form.bad_phone", "field.plate"}


def test_every_sentence_is_used_and_every_sentence_used_is_there() -> None:
    assert keys_used() - set(TABLE) == set()
    assert set(TABLE) - keys_used() == set()


def test_whatever_waits_on_a_phone_has_a_name_there() -> None:
    sent = r"(?:report|reports|desk\.report)\(\"(\w+)\"(?:, \"\w+\")?"
    kinds = set(re.findall(sent, scripts())) & set(ReportKind)
    assert len(kinds) > 20
    table = (SCRIPTS / "handheld/messages.js").read_text(encoding="utf-8")
    (named,) = re.findall(r"^const NAMED = \{(.*)\};", table, re.MULTILINE)
    otherwise = dict(re.findall(r'(\w+): "(\w+)"', named))
    assert {f"act.{otherwise.get(kind, kind)}" for kind in kinds} <= set(TABLE)


def test_what_a_script_says_is_given_to_it() -> None:
    said = set(re.findall(r"say\(\s*\"([a-z_]+)\.", scripts()))
    said |= set(re.findall(r"say\(`([a-z_]+)\.", scripts()))
    said |= set(re.findall(r"word\(\"([a-z_]+)\"", scripts()))
    assert said <= set(SCRIPT_GROUPS)
    assert set(SCRIPT_GROUPS) <= {key.split(".")[0] for key in TABLE}


def test_no_chinese_stands_in_a_template_or_a_script_outside_the_table() -> None:
    for path in [*FOLDER.glob("templates/*.html"), *SCRIPTS.glob("handheld/*.js")]:
        if path.name == "plate_keys.js":  # the plate's own characters
            continue
        text = re.sub(
            r"^\s*(//|\*|/\*).*$|//.*$|/\*\*.*\*/", "", path.read_text("utf-8"), flags=re.M
        )
        assert not re.search(r"[\u4e00-\u9fff]", text), path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_language_that_was_chosen(manager: Browser, language: str) -> None:
    assert manager.post("/language", language=language, to="/").location == "/"
    for path in ("/", "/live", "/handheld", "/phone/li", "/login", "/no-such-page", "/offline"):
        page = manager.get(path).text
        if path != "/live":
            assert f'<html lang="{language}"' in page, path
    assert escape(TABLE["console.visits"][language]) in manager.get("/live").text
    assert TABLE["role.consultant"][language] in manager.get("/login").text
    page = manager.get("/handheld").text
    found = re.search(r'<template data-part="words">(.*?)</template>', page, re.DOTALL)
    assert found
    assert json.loads(found.group(1))["act.claim"] == TABLE["act.claim"][language]


def offers(manager: Browser, language: str) -> dict[str, list[list[str]]]:
    manager.post("/language", language=language, to="/")
    page = manager.get("/handheld").text
    found = re.search(r'<template data-part="offers">(.*?)</template>', page, re.DOTALL)
    assert found
    offered: dict[str, list[list[str]]] = json.loads(found.group(1))
    return offered


def test_what_a_form_offers_goes_by_its_key_and_shows_in_the_page_s_language(
    manager: Browser,
) -> None:
    english, traditional = offers(manager, "en"), offers(manager, "zh-TW")
    assert english["drinks"][0] == ["green_tea", "Green tea"]
    assert ["car_park", "停車場"] in traditional["pick_ups"]
    assert english["salutations"] == [["先生", "Mr"], ["女士", "Ms"]]
    assert [*english] == [*traditional]


def test_a_post_that_the_house_calls_otherwise_is_called_so_on_every_page(
    manager: Browser, site: FakeSite
) -> None:
    called = SiteWord(key="consultant", zh_cn="销售顾问", en="Sales guide")
    site.words = words_of((), [called])
    manager.post("/language", language="en", to="/")
    page = manager.get("/handheld").text
    assert '"role.consultant": "Sales guide"' in page
    assert "Sales guide" in manager.get("/login").text


def test_the_language_lasts_through_log_in_and_log_out(browser: Browser) -> None:
    browser.post("/language", language="en", to="/login")
    browser.log_in("li", "1357")
    assert '<html lang="en"' in browser.get("/handheld").text
    browser.post("/logout")
    assert TABLE["login.out"]["en"] in browser.get("/login?why=out").text


def test_a_strange_language_or_way_back_is_not_taken(browser: Browser) -> None:
    answer = browser.post("/language", language="xx", to="https://example.org/")
    assert answer.location == "/login"
    assert '<html lang="zh-CN"' in browser.get("/login").text


def test_every_language_has_its_button_on_every_page(manager: Browser) -> None:
    for path in ("/login", "/handheld", "/"):
        page = manager.get(path).text
        assert all(f'data-testid="language-{tag}"' in page for tag in LANGUAGES)


def test_the_phone_s_plate_keys_are_the_grammar_s() -> None:
    text = (SCRIPTS / "handheld/plate_keys.js").read_text(encoding="utf-8")
    assert f'..."{plate.PROVINCES}"' in text
    assert f'..."{plate.LETTERS}"' in text
    assert f'..."{plate.DIGITS}"' in text
    typed = "".join(re.findall(r'"([^"]+)"', text.split("const MARKS")[1].split(";")[0]))
    assert set(plate.MARKS) - set(typed) == set("民航"), "民航 stands first on its plates"
