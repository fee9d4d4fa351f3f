"""One truth for who works here: log-ins, posts, the tablet and the rules ask the same place."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.hub.page_accounts import PageAccounts
from broker.local.questions import CustomersHandOver, Gift, PersonLeaves
from broker.mqtt_server.accounts import Account, new_account, read_accounts, write_accounts
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from shared.errors import MessageError
from shared.messages import LookUp, NodeKind, ReportKind, StaffReport
from shared.node import Node
from shared.topics import Party
from tests.fakes import SITE, FakeClock, FakeLink
from tests.hub_fixtures import PEOPLE

LI, WU = new_account(Party.STAFF, "li"), new_account(Party.STAFF, "wu")
GATE_OF_THE_SAME_NAME = new_account(Party.GATE, "li")


def leave(hub: Hub, staff_id: str, request_id: str = "r-1") -> None:
    handle(hub, PersonLeaves(request_id=request_id, asked_at=hub.clock(), staff_id=staff_id))


@pytest.mark.parametrize("staff_id", ["li", "wu"])
def test_who_leaves_holds_no_post_and_the_state_knows_it(hub: Hub, staff_id: str) -> None:
    leave(hub, staff_id)
    assert hub.has_left(staff_id)
    assert hub.roles_of(staff_id) == ()
    assert staff_id not in (*hub.people_of("consultant"), *hub.people_of("parking"))
    assert staff_id not in {entry.consultant_id for entry in hub.roster().consultants}
    assert staff_id not in hub.decider.state.line
    assert hub.people.names()[staff_id], "old sentences still name them"


def test_a_new_start_does_not_bring_them_back_whatever_the_file_says(
    hub: Hub, tmp_path: Path, clock: FakeClock
) -> None:
    leave(hub, "li")
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert again.has_left("li")
    assert again.decider.state.roster["li"].has_left
    assert again.decider.state.line == ("wang",)


def test_a_file_that_names_them_no_more_and_then_again_does_not_either(
    hub: Hub, tmp_path: Path, clock: FakeClock
) -> None:
    leave(hub, "li")
    others = tuple(person for person in PEOPLE.staff if person.id != "li")
    without = SitePeople(staff=others, order=("wang",), registered=PEOPLE.registered)
    open_hub(tmp_path, without, Policy(), clock)
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert again.decider.state.roster["li"].has_left
    assert again.decider.state.line == ("wang",)


def test_who_left_by_the_file_has_left_too(tmp_path: Path, clock: FakeClock) -> None:
    staff = tuple(
        msgspec.structs.replace(person, has_left=person.id == "li") for person in PEOPLE.staff
    )
    people = SitePeople(staff=staff, order=("wang",), registered=PEOPLE.registered)
    hub = open_hub(tmp_path, people, Policy(), clock)
    assert hub.has_left("li")
    assert hub.people_of("consultant") == ("wang",)


def test_the_hub_takes_nothing_from_them(hub: Hub, clock: FakeClock) -> None:
    """The MQTT server should not let it through; if it does, nothing follows."""
    link = FakeLink()
    service = HubLoop(hub, link, Node(SITE, "hub", NodeKind.HUB, "0.1.0"))
    leave(hub, "li")
    before = hub.decider.state
    moment = clock()
    link.deliver(
        StaffReport(report_id="s-1", staff_id="li", kind=ReportKind.JOIN, reported_at=moment)
    )
    link.deliver(LookUp(look_up_id="l-1", staff_id="li", asked_at=moment, phone="13800138000"))
    service.step(0)
    assert hub.decider.state.line == before.line
    reasons = [row["reason"] for row in hub.inbox.db.table("rejected").rows]
    assert len(reasons) == 2
    assert all("li" in reason for reason in reasons)
    assert not [sent for sent in link.sent if type(sent).__name__ == "Answer"]


def test_their_account_leaves_the_accounts_file_and_nobody_else_s(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (LI, WU, GATE_OF_THE_SAME_NAME))
    closed = PageAccounts(path, hub)
    closed.step()
    assert read_accounts(path) == (LI, WU, GATE_OF_THE_SAME_NAME)
    leave(hub, "li")
    closed.step()
    assert read_accounts(path) == (WU, GATE_OF_THE_SAME_NAME)


def test_an_account_that_is_set_up_again_for_who_left_goes_again(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (WU,))
    leave(hub, "li")
    closed = PageAccounts(path, hub)
    closed.step()
    write_accounts(path, (LI, WU))
    closed.step()
    assert read_accounts(path) == (WU,)


def test_accounts_of_pages_come_with_the_log_in_and_go_with_it(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (WU,))
    pages = PageAccounts(path, hub)
    pages.step()
    until = hub.clock() + timedelta(hours=14)
    secret, other = (hub.log_ins.begin(who, "s", until) for who in ("li", "wu"))
    page, _ = hub.log_ins.account(secret, "d1", ("consultant",))
    kept, _ = hub.log_ins.account(other, "d1", ("consultant",))
    pages.step()
    assert read_accounts(path) == (WU, page, kept)
    write_accounts(path, (WU, LI))
    pages.step()
    assert read_accounts(path) == (WU, LI, page, kept), "whoever writes the file takes none out"
    leave(hub, "li")
    pages.step()
    assert read_accounts(path) == (WU, kept)
    assert hub.log_ins.find(secret) is None
    hub.log_ins.end(other)
    pages.step()
    assert read_accounts(path) == (WU,)


def test_a_folder_that_the_hub_may_not_write_to_stops_nothing(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (LI,))

    def refuse(_path: Path, _accounts: tuple[Account, ...]) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr("broker.hub.page_accounts.write_accounts", refuse)
    leave(hub, "li")
    PageAccounts(path, hub).step()
    assert "stay as they are" in caplog.text


def test_nobody_leaves_twice_nobody_unknown_and_never_the_last_manager(hub: Hub) -> None:
    leave(hub, "li")
    for staff_id, key in (
        ("li", "error.left_before"),
        ("nobody", "error.no_staff"),
        ("chen", "error.last_manager"),
    ):
        with pytest.raises(MessageError) as refused:
            leave(hub, staff_id, "r-2")
        assert refused.value.sentence.key == key


def test_only_the_customers_of_who_left_go_to_consultants_who_work_here(hub: Hub) -> None:
    def give(to_id: str) -> str:
        (known,) = hub.register.find(Keys(phone="13800138000"))
        act = CustomersHandOver(
            act_id="act-1",
            asked_at=hub.clock(),
            from_id="wang",
            given=(Gift(known.registration_id, to_id),),
            reason="离职移交",
        )
        with pytest.raises(MessageError) as refused:
            handle(hub, act)
        return refused.value.sentence.key

    assert give("li") == "error.not_left"
    leave(hub, "wang")
    assert give("wu") == "error.no_receiver"
    assert give("wang") == "error.no_receiver"
