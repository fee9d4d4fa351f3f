"""A block taken out of ``site.toml``: people are data by then, and the file says nothing."""

import gzip
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from broker.doctor import files
from broker.doctor.patient import admit
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.launch.demo import site_toml
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


def test_the_hub_starts_and_they_are_called_as_if_nothing_had_been(office: Office) -> None:
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
    assert [alert for alert in told(hub) if alert.staff_id == "wang"]
    assert "wang" in {person.id for person in hub.staff_here()}
    assert "wang" in hub.decider.state.line
    hub.inbox.db.close()
    assert office.rows("select count(*) from registrations where consultant_id = 'wang'") == owned
    assert office.run("replay") == 0


def test_nobody_is_told_of_a_file_that_says_nothing_any_more(office: Office) -> None:
    hub = started(office)
    assert not [alert for alert in told(hub) if "site.toml" in alert.text]
    hub.inbox.db.close()
    found = list(files.people(admit(office.place.config, {}, FakeClock(NINE))))
    assert "missing_staff" not in [each.key for each in found]


OLDER = Path(__file__).parents[2] / "released" / "0_5" / "hub"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The folder of a hub of release 0.5, whose people stood in a file."""
    for packed in OLDER.iterdir():
        kept = packed.read_bytes()
        unpacked = gzip.decompress(kept) if packed.suffix == ".gz" else kept
        (tmp_path / packed.name.removesuffix(".gz")).write_bytes(unpacked)
    return tmp_path


def opened(folder: Path) -> Hub:
    """With the demo's people, from whom somebody took wang."""
    people = msgspec.toml.decode(site_toml(NINE), type=SitePeople)
    staff = tuple(person for person in people.staff if person.id != "wang")
    order = tuple(who for who in people.order if who != "wang")
    some = msgspec.structs.replace(people, staff=staff, order=order)
    return open_hub(folder, some, Policy(), FakeClock(NINE + timedelta(days=30)))


def test_whom_the_file_forgot_when_it_was_taken_over_has_a_name_and_is_not_called(
    older: Path,
) -> None:
    for is_first in (True, False):
        hub = opened(older)
        said = [alert.text for alert in told(hub) if "site.toml" in alert.text]
        assert [("王强" in text) for text in said] == ([True] if is_first else [])
        assert hub.people.names()["wang"] == "王强"
        assert "wang" not in {person.id for person in hub.staff_here()}
        hub.inbox.db.close()
