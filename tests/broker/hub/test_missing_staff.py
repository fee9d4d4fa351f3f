"""A block taken out of ``site.toml``: the hub goes on, the data stays, people are told."""

from datetime import timedelta

import pytest

from broker.doctor import files
from broker.doctor.patient import admit
from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from shared.config import read_config
from shared.messages import Alert, Answer3, CheckIn
from tests.broker.backup.office import Office, cars
from tests.fakes import NINE, FakeClock
from tests.samples import arrival

CAR, PHONE = "浙A88888", "13800138000"


@pytest.fixture
def office(office: Office) -> Office:
    """A site that has worked for a morning; then somebody takes wang out of the file."""
    with office.at_work() as hub:
        cars(hub, range(1, 4))
        handle(hub, arrival(CAR, 90, seen_at=hub.clock()))
    written = office.place.config / "site.toml"
    text = written.read_text(encoding="utf-8")
    start = text.index('[[staff]]\nid = "wang"')
    written.write_text(text[:start] + text[text.index("[[staff]]", start + 1) :], encoding="utf-8")
    return office


def started(office: Office) -> Hub:
    people = read_config(SitePeople, office.place.config / "site.toml")
    return open_hub(office.place.hub, people, Policy(), FakeClock(NINE + timedelta(hours=1)))


def told(hub: Hub) -> list[Alert]:
    waiting = hub.outbox.waiting(1000)
    hub.outbox.forget([each.row for each in waiting])
    return [each.message for each in waiting if isinstance(each.message, Alert)]


def test_the_hub_starts_the_customers_stay_and_nobody_is_called(office: Office) -> None:
    owned = office.rows("select count(*) from registrations where consultant_id = 'wang'")
    hub = started(office)
    told(hub)
    handle(hub, arrival(CAR, 100, seen_at=hub.clock()))
    visitor = CheckIn(
        check_in_id="c-100",
        kiosk_id="lobby",
        seq=1,
        checked_in_at=hub.clock(),
        consented_at=hub.clock(),
        phone=PHONE,
        is_first_visit=Answer3.NO,
        family_visited=Answer3.NO,
        was_contacted=Answer3.YES,
        named_consultant_id="wang",
    )
    handle(hub, visitor)
    for _ in range(10):
        hub.clock.pass_s(30)  # type: ignore[attr-defined]
        let_time_pass(hub)
    assert not [alert for alert in told(hub) if alert.staff_id == "wang"]
    assert "wang" not in {person.id for person in hub.staff_here()}
    hub.inbox.db.close()
    assert office.rows("select count(*) from registrations where consultant_id = 'wang'") == owned
    assert office.run("replay") == 0


def test_the_manager_is_told_once_and_the_name_is_still_known(office: Office) -> None:
    for is_first in (True, False):
        hub = started(office)
        said = [alert.text for alert in told(hub) if "site.toml" in alert.text]
        assert [("王强" in text) for text in said] == ([True] if is_first else [])
        assert hub.people.names()["wang"] == "王强"
        hub.inbox.db.close()


def test_the_doctor_names_the_id_and_what_to_write(office: Office) -> None:
    started(office).inbox.db.close()
    found = list(files.people(admit(office.place.config, {}, FakeClock(NINE))))
    assert ("missing_staff", {"staff_id": "wang"}) in [(each.key, each.values) for each in found]


def test_a_block_that_comes_back_is_at_work_again_as_if_nothing_had_been(office: Office) -> None:
    written = office.place.config / "site.toml"
    started(office).inbox.db.close()
    back = '[[staff]]\nid = "wang"\nname = "王强"\nroles = ["consultant"]\npin = "500026"\n'
    written.write_text(written.read_text(encoding="utf-8") + back, encoding="utf-8")
    hub = started(office)
    assert "wang" in {person.id for person in hub.staff_here()}
    assert not hub.has_left("wang")
    assert "wang" in hub.decider.state.line
    hub.inbox.db.close()
