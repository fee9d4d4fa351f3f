"""What head office publishes: signed, fetched by the sites it is for, and taken from its moment."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.head_office.document_store import DocumentStore, office_signer
from broker.head_office.drafts import Draft, read_draft
from broker.head_office.site_store import SiteStore
from broker.journal.shipment import Documents, GroupDocument
from broker.local.questions import DocumentName, Edit, SettingsChange
from broker.shipping.documents_pull import DocumentsPull, SpeaksDown, change_of
from broker.shipping.membership import Membership
from broker.shipping.way_up import WayUp
from broker.site_key.key import FILE_NAME as SITE_KEY
from broker.site_key.signing import make_signer
from shared.clock import now
from shared.errors import MessageError
from shared.messages import PassKind
from tests.bench.head_office.offices import join_all
from tests.bench.head_office.simulated_site import simulated_sites
from tests.broker.backup.office import Office
from tests.broker.head_office.group import Group
from tests.broker.head_office.office_words import command, settings_of
from tests.fakes import NINE, SITE
from tests.samples import arrival
from tests.settings_rig import SettingsRig

PASSED = "select body from journal where kind = 'pass_car'"
OURS = "浙A00001"
DRAFT = Draft(
    name="group-policy",
    valid_from=NINE,
    binding={
        "policy": {"protection_days": 30},
        "passes": {"g-1": {"plate": OURS, "kind": "black"}},
    },
    default={"policy": {"follow_up_days": 2}},
)


def document(version: int = 1, **said: Any) -> SettingsChange:
    """What a site is told of a document, as its shipper hands it to the hub."""
    whole = {"number": version, "name": "group-policy", "version": version, "valid_from": NINE}
    return change_of(GroupDocument(**{**whole, **said}))


@pytest.mark.slow
def test_a_document_is_signed_fetched_and_taken_by_the_site_that_it_is_for(
    group: Group, office: Office, tmp_path: Path
) -> None:
    member = published(group, office, tmp_path)
    handed = list[Any]()
    with office.at_work() as hub, closing(WayUp.of(member)) as way:
        pull = pull_of(office, member, way, handed)
        pull.step(0.0)
        pull.step(30.0)
        assert [change.document for change in handed] == [DocumentName(1, "group-policy", 1)]
        for change in handed:
            handle(hub, change)
        hub.journal.seal()
        (kept,) = [one for one in hub.choices.kept if one.change.document]
        assert kept.holds_from == datetime(2026, 12, 31, 16, tzinfo=UTC)
        assert Edit("policy", "protection_days", None, 30) in kept.change.edits
        pull.step(61.0)
        assert len(handed) == 1
    assert group.rows("select documents_through from site") == [(1,)]


def pull_of(
    office: Office, member: Membership, above: SpeaksDown, handed: list[Any]
) -> DocumentsPull:
    key = office.place.config / SITE_KEY
    return DocumentsPull(office.place.hub, member, above, handed.append, key)


def published(group: Group, office: Office, folder: Path) -> Membership:
    """A site that joined, and a document published by the command that people type."""
    toml, draft = settings_of(group, folder), folder / "policy.toml"
    draft.write_text(Path("broker/group_document.example.toml").read_text("utf-8"), "utf-8")
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        DocumentStore(connection).trust(office_signer(toml))
    member = group.join(office)
    assert command(toml, "--publish", str(draft)) == 0
    assert command(toml, "--publish", str(draft), "--of", "nobody") == 1
    return member


@pytest.mark.slow
def test_a_sites_token_reads_its_own_documents_and_ends_with_the_site(
    group: Group, tmp_path: Path
) -> None:
    one, other = sites = simulated_sites(2, seed=5)
    join_all(group.database_url, sites)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        store, signer = DocumentStore(connection), office_signer(tmp_path / "head_office.toml")
        store.publish(DRAFT, ("*",), signer)
        store.publish(replace(DRAFT, name="secret"), (other.name,), signer)
        with closing(WayUp(group.url, token=one.token)) as way:
            names = [each.name for each in way.documents(one.name, 0).documents]
            assert names == ["group-policy"]
            assert way.documents(one.name, 1) == Documents()
            with pytest.raises(OSError, match="401"):
                way.documents(other.name, 0)
            assert SiteStore(connection).retire(one.name, now())
            with pytest.raises(OSError, match="401"):
                way.documents(one.name, 0)
        with closing(WayUp(group.url, token=other.token)) as way:
            told = way.documents(other.name, 0).documents
            assert [(each.name, each.site) for each in told] == [
                ("group-policy", ""),
                ("secret", other.name),
            ]


def test_what_is_not_signed_by_head_office_or_is_for_another_site_is_not_taken(
    tmp_path: Path, office: Office
) -> None:
    ours, theirs = (make_signer(tmp_path / name) for name in ("ours", "theirs"))
    made = GroupDocument(number=1, name="p", version=1, valid_from=NINE, site=SITE)
    good = replace(made, signature=ours.sign(made.claim))
    elsewhere = replace(made, site="another")
    changed = json.loads(msgspec.json.encode(good)) | {"binding": {"policy": {"open": "05:00"}}}
    false = [
        made,
        replace(made, signature=theirs.sign(made.claim)),
        replace(elsewhere, signature=ours.sign(elsewhere.claim)),
        msgspec.convert(changed, GroupDocument),
    ]
    member = Membership(url="http://x", site=SITE, token="t", documents_key=ours.public)
    assert taken([*false, good], office, member) == ["group-1-p"]
    assert taken([good], office, replace(member, documents_key="")) == []


def taken(told: list[GroupDocument], office: Office, member: Membership) -> list[str]:
    class Told:
        def documents(self, site: str, after: int) -> Documents:
            return Documents(documents=tuple(told))

    handed = list[Any]()
    pull_of(office, member, Told(), handed).step(0.0)
    return [change.change_id for change in handed]


def chosen(hub: Hub, row: str, value: Any) -> None:
    """The manager's own choice."""
    was = hub.choices.rows().get(("policy", row))
    edits = (Edit("policy", row, was, value),)
    moment = hub.clock()
    handle(hub, SettingsChange(change_id=f"{row}-{value}", asked_at=moment, edits=edits, by="chen"))


def test_what_the_group_offers_gives_way_to_the_sites_choice_and_what_it_binds_does_not(
    tmp_path: Path,
) -> None:
    rig = SettingsRig(tmp_path)
    hub = rig.hub
    chosen(hub, "follow_up_days", 5)
    chosen(hub, "protection_days", 10)
    binding, default = {"policy": {"protection_days": 30}}, {"policy": {"follow_up_days": 2}}
    default["policy"]["stand_in_minutes"] = 20
    handle(hub, document(binding=binding, default=default))
    policy = hub.choices.policy
    assert (policy.protection_days, policy.follow_up_days, policy.stand_in_minutes) == (30, 5, 20)
    with pytest.raises(MessageError):
        chosen(hub, "protection_days", 15)
    chosen(hub, "stand_in_minutes", 25)
    handle(hub, document(2, default=default))
    policy = hub.choices.policy
    assert (policy.protection_days, policy.follow_up_days, policy.stand_in_minutes) == (10, 5, 25)
    handle(hub, document(1, number=9, binding=binding))
    assert hub.choices.policy.protection_days == 10
    rig.assert_sound()


def test_a_document_holds_from_its_moment_and_its_black_list_stops_a_car(tmp_path: Path) -> None:
    rig = SettingsRig(tmp_path)
    hub, listed = rig.hub, {"passes": {"g-1": {"plate": OURS, "kind": "black", "holder": "某人"}}}
    later = rig.clock() + timedelta(hours=1)
    handle(hub, document(valid_from=later, binding=listed))
    assert hub.people.pass_of(OURS) is None
    page = rig.manager().get("/settings").text
    assert "group-policy" in page
    assert "document-group-policy-1" in page
    rig.pass_s(3601)
    assert hub.people.pass_of(OURS) is not None
    handle(hub, arrival(OURS, seen_at=rig.clock()))
    assert '"verdict":"black"' in hub.inbox.db.conn.execute(PASSED).fetchone()[0]
    assert rig.manager().get("/settings/history").status_code == 200
    let_time_pass(hub)
    rig.restart()
    assert rig.hub.people.pass_of(OURS) is not None
    rig.assert_sound()


def test_a_car_that_the_group_does_not_let_in_is_not_let_in_by_the_sites_own_pass(
    tmp_path: Path,
) -> None:
    hub = SettingsRig(tmp_path).hub
    passes = (("own", OURS, "staff"), ("other", "浙A00007", "staff"))
    edits = tuple(Edit("passes", name, None, {"plate": at, "kind": of}) for name, at, of in passes)
    handle(hub, SettingsChange(change_id="passes", asked_at=NINE, edits=edits, by="chen"))
    handle(hub, document(binding={"passes": {"g-1": {"plate": OURS, "kind": "black"}}}))
    assert [(held.plate, held.kind) for held in hub.people.passes] == [
        (OURS, PassKind.BLACK),
        ("浙A00007", PassKind.STAFF),
    ]
    offered = {"passes": {"g-2": {"plate": "浙A00007", "kind": "vip"}}}
    handle(hub, document(2, default=offered))
    assert {held.kind for held in hub.people.passes} == {PassKind.STAFF}


def test_what_is_published_is_in_stored_form(tmp_path: Path) -> None:
    draft = tmp_path / "d.toml"
    draft.write_text(
        'name = "d"\nvalid_from = 2027-01-01T00:00:00Z\n'
        '[binding.passes.g]\nplate = "浙a·00001"\nkind = "black"\n',
        encoding="utf-8",
    )
    assert read_draft(draft).binding["passes"]["g"]["plate"] == OURS


def test_who_works_at_a_site_head_office_never_says(tmp_path: Path) -> None:
    rig = SettingsRig(tmp_path)
    for section in ("staff", "pins", "line", "weeks", "days"):
        with pytest.raises(MessageError):
            handle(rig.hub, document(binding={section: {"x": {"name": "x"}}}))
    assert rig.changes() == 1


def test_a_row_that_this_release_does_not_know_is_left_out_and_the_rest_holds(
    tmp_path: Path,
) -> None:
    rig = SettingsRig(tmp_path)
    unknown = {"policy": {"of_tomorrow": 1, "protection_days": 21}}
    handle(rig.hub, document(binding=unknown))
    assert rig.hub.choices.policy.protection_days == 21
    assert rig.manager().get("/settings").status_code == 200
    rig.assert_sound()
