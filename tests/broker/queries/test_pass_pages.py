"""A manager enters known cars by page, and the gate finds them."""

from datetime import date

from broker.journal.entries import entries
from broker.journal.public_part import public_of
from shared.messages import PassKind
from tests.settings_rig import Manager, SettingsRig

EDIT = "/passes/edit"


def test_a_pass_is_entered_found_changed_and_taken_out(rig: SettingsRig, manager: Manager) -> None:
    new = {"plate": "浙a·00001", "kind": "staff", "holder": "小吴", "number": "0001"}
    assert manager.fill_in(EDIT, **new, valid_to="2026-12-31").status_code == 303
    (held,) = rig.hub.people.passes
    assert (held.plate, held.kind) == ("浙A00001", PassKind.STAFF)
    assert held.valid_to == date(2026, 12, 31)
    for piece in ("a00001", "0001", "小吴"):
        assert "浙A00001" in manager.get(f"/passes?q={piece}").text
    assert "没有这样的通行证" in manager.get("/passes?q=0002").text
    own = f"{EDIT}?id={held.id}"
    assert manager.fill_in(manager.get(own), valid_to="2026-01-01").status_code == 303
    assert "不在有效期" in manager.get("/passes").text
    assert manager.fill_in(manager.get(own), plate="浙A00002").status_code == 303
    assert [held.plate for held in rig.hub.people.passes] == ["浙A00002"]
    assert manager.fill_in(manager.get(own), gone="yes").status_code == 303
    assert rig.hub.people.passes == ()
    rig.assert_sound()
    public = [public_of(entry.body, entry.form) for entry in entries(rig.hub.inbox.db.conn)]
    assert "浙A0000" not in " ".join(public), "the journal's public part names no plate"


def test_what_cannot_be_taken_is_said_and_a_plate_has_one_pass(manager: Manager) -> None:
    assert "请写车牌" in manager.fill_in(EDIT, plate="").text
    assert manager.fill_in(EDIT, plate="浙A00001", valid_to="31.12.").status_code == 422
    assert manager.fill_in(EDIT, plate="浙A00001").status_code == 303
    twice = manager.fill_in(EDIT, plate="浙A00001", number="2")
    assert twice.status_code == 422
    assert "已经有通行证" in twice.text


def test_the_gate_finds_passes_and_changes_none(rig: SettingsRig, manager: Manager) -> None:
    manager.fill_in(EDIT, plate="浙A00001")
    manager.fill_in("/settings/people/new", name="老周", roles=["gate"])
    zhou = rig.by_code(rig.hub.people.staff[-1].id)
    assert "浙A00001" in zhou.get("/passes").text
    assert zhou.get(EDIT).status_code == 403
    assert rig.manager("lin", "5555").get("/passes").status_code == 403
