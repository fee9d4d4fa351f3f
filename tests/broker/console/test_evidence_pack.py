"""The evidence of a visit to be taken along: masked, and the same whenever it is made again."""

import hashlib
import json
from dataclasses import replace

from broker.console.dispute_view import ChainedEntry
from broker.console.evidence_pack import pack_of
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_archive import ruled, two_claims
from tests.broker.console.fake_site import FakeSite

ENTRY = ChainedEntry(7, "2026-11-23T01:00:00+00:00", "step", "ab" * 32)


def test_the_same_evidence_is_the_same_file_and_any_change_shows() -> None:
    dispute = replace(two_claims(), chained=(ENTRY,))
    pack = pack_of(dispute, "xihu", "zh-CN")
    again = pack_of(replace(dispute, can_be_ruled_on=False), "xihu", "zh-CN")
    assert again.content == pack.content, "time alone changes nothing"
    others = (
        ruled(dispute),
        replace(dispute, chained=(replace(ENTRY, hash="cd" * 32),)),
        replace(dispute, timeline=dispute.timeline[:-1]),
        replace(dispute, host="王强"),
    )
    hashes = {pack_of(other, "xihu", "zh-CN").sha256 for other in others}
    assert len(hashes | {pack.sha256}) == len(others) + 1
    held = json.loads(pack.content)
    assert held["journal"] == [{"seq": 7, "at": ENTRY.at, "kind": "step", "hash": ENTRY.hash}]


def test_neither_phone_nor_plate_stands_in_it_in_full() -> None:
    text = pack_of(two_claims(), "xihu", "zh-CN").content.decode()
    assert "13900139000" not in text
    assert "粤BD12345" not in text
    assert "王先生" in text


def test_the_paper_bears_the_hash_of_the_file(manager: Browser, site: FakeSite) -> None:
    site.archive.disputes["v2"] = replace(two_claims(), chained=(ENTRY,))
    page = manager.get("/dispute/v2/pack").text
    file = manager.get("/dispute/v2/pack.json")
    assert page.count(hashlib.sha256(file.data).hexdigest()) == 2
    assert ENTRY.hash in page
    assert 'data-part="print"' in page
    assert "attachment" in file.headers["Content-Disposition"]
    assert "13900139000" not in page
    assert 'href="/dispute/v2/pack"' in manager.get("/dispute/v2").text


def test_who_is_no_party_gets_neither(consultant: Browser, site: FakeSite) -> None:
    site.archive.disputes["v2"] = replace(two_claims(), parties=frozenset(), host_id="zhao")
    for path in ("/dispute/v2/pack", "/dispute/v2/pack.json"):
        assert consultant.get(path).status_code == 403
