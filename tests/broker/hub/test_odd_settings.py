"""Whatever stands in a settings file or in a row: the hub starts, and says what it left out."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from broker.choices.readable_file import NOT_WRITTEN, SECTIONS, rows_in
from broker.choices.rows import BY_ID, DAYS, FIELDS, LINE, PINS, SHIFTS, STAFF, WORDS
from broker.handlers.own_troubles import tell_of_left_out
from broker.settings import first_policy
from broker.site_file import first_people
from shared.config import MOST_TROUBLES
from shared.errors import BadValueError, ConfigError
from shared.messages import Alert
from shared.toml_file import MOST_BYTES
from tests.hub_site import hub_settings
from tests.settings_rig import SettingsRig

MANY = 1_500
ODD_FILES: dict[str, bytes] = {
    "nothing": b"",
    "only a mark": b"\xef\xbb\xbf",
    "noughts": bytes(1_000),
    "UTF-16": "staff = []".encode("utf-16"),
    "old line ends": b"staff = []\rorder = []\r",
    "brackets without an end": b"staff = " + b"[" * 20_000,
    "tables in tables": b"staff = " + b"{a = " * 2_000,
    "a number that no machine holds": b"[[staff]]\nname = " + b"9" * 5_000,
    "a number too large": b"staff = []\nregistered = 99999999999999999999",
    "no number": b"[brand]\ncolour = nan\n[[drinks]]\nkey = inf\n",
    "times for texts": b"order = [08:30:00, 2027-02-06]\n",
    "people as a table": b"[staff]\nli = 3\n",
    "nameless keys": b"'' = 1\n'a.b' = 2\n'a[0]' = 3\n'`q`' = 4\n",
    "faulty people": b"[[staff]]\nid = 'a'\nname = 3\n" * MANY,
    "unknown keys": b"".join(b"k%d = 1\n" % number for number in range(MANY)),
    "a video": b"\x00\x01" * (MOST_BYTES // 2 + 1),
}


@pytest.mark.parametrize("kind", ODD_FILES)
def test_no_file_stops_a_new_site_or_keeps_it_waiting(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(ODD_FILES[kind])
    began = time.process_time()
    people, of_people = first_people(path)
    policy, of_policy = first_policy(replace(hub_settings(tmp_path), policy_file=str(path)))
    assert time.process_time() - began < 30
    assert not people.staff
    assert len(of_people) <= 2 * MOST_TROUBLES + 1
    assert bool(of_people) == bool(ODD_FILES[kind].strip(b"\xef\xbb\xbf"))
    assert all(str(path) in str(trouble) for trouble in (*of_people, *of_policy))
    rig = SettingsRig(tmp_path / "hub", policy=policy)
    assert rig.manager().get("/settings").status_code == 200


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.toml").mkdir()
    people, (trouble,) = first_people(tmp_path / "site.toml")
    assert not people.staff
    assert "cannot be read" in str(trouble)


ODD_ROWS: dict[str, Any] = {
    "staff.li": 3,
    "staff.chen": {"name": "陈", "roles": []},
    "staff.a b": {"name": 3},
    "policy.open": "99:99",
    "policy.duties": [{"text": ""}],
    "policy.of_a_later_release": 1,
    "of_a_later_release.x": {"a": 1},
    "line.order": [1, 2],
    "days.31-31": {"open": "x"},
    "weeks.li": {"days": "99"},
    "swaps.x": 3,
    "leaves.l": {"staff_id": "nobody", "first": "2026-01-02", "last": "2020-01-01"},
    "leaves.m": 3,
    "asked.x": {},
    "devices.x": {"name": "a"},
    "devices.y": 3,
    "passes.x": {"plate": ""},
    "words.drinks": [{"key": "a"}, {"key": "a"}],
    "brand.colour": "red",
    "pins.li": {"a": 1},
    "retention.visits_days": 10**15,
}


def test_no_row_stops_the_hub_or_keeps_a_manager_from_changing_another(tmp_path: Path) -> None:
    rig = SettingsRig(tmp_path)
    for number, (row, value) in enumerate(ODD_ROWS.items(), start=20):
        rig.manager("he", "7777").fill_in("/settings/rules", policy__protection_days=str(number))
        section, _, name = row.partition(".")
        db = rig.hub.inbox.db
        seq, kept = db.execute(
            "select seq, body from journal where kind = 'SettingsChange' order by seq desc limit 1"
        ).fetchone()
        edits = [{"section": section, "row": name, "now": value}]
        body = json.dumps({**json.loads(kept), "edits": edits})
        db.execute("update journal set body = ? where seq = ?", [body, seq])
        db.conn.commit()
        rig.restart()
        manager = rig.manager("he", "7777")
        for page in ("/settings", "/settings/history", "/settings/rules", "/settings/shifts", "/"):
            assert manager.get(page).status_code == 200, (row, page)
        saved = manager.fill_in("/settings/rules", policy__bulk_per_hour=str(number))
        assert saved.status_code == 303, row
        assert rig.hub.decider.policy.bulk_per_hour == number
    said = " ".join(map(str, rig.hub.choices.troubles))
    assert all(row in said for row in ("staff.li", "policy.open", "weeks.li", "brand.colour"))
    tell_of_left_out(rig.hub, rig.hub.choices.troubles)
    told = [each.message for each in rig.hub.outbox.waiting(1_000)]
    assert [each.role for each in told if isinstance(each, Alert)][-1:] == ["manager"]


def test_every_section_stands_in_the_readable_file_or_is_left_out_for_a_reason() -> None:
    every = {STAFF, PINS, DAYS, WORDS, LINE, *FIELDS, *SHIFTS, *BY_ID}
    assert every == {*SECTIONS} | NOT_WRITTEN


def test_the_readable_file_takes_days_and_times_as_toml_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(
        b"\xef\xbb\xbf[policy]\r\nopen = 09:00:00\r\n[leaves.l-1]\r\nfirst = 2027-02-06\r\n"
    )
    assert rows_in(path) == {
        ("policy", "open"): "09:00",
        ("leaves", "l-1"): {"first": "2027-02-06"},
    }


@pytest.mark.parametrize("value", ["nan", "inf", "99999999999999999999999", "{ a = [nan] }"])
def test_the_readable_file_takes_no_number_that_is_none(value: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[policy]\nprotection_days = {value}\n", encoding="utf-8")
    with pytest.raises(BadValueError, match="protection_days"):
        rows_in(path)


@pytest.mark.parametrize("text", ["policy = 3", "[stuff]", "[policy]\nx = " + "[" * 9_000])
def test_a_readable_file_that_is_none_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"settings\.toml"):
        rows_in(path)
