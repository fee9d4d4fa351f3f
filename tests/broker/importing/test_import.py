"""Customers come out of a table: tried first, all of them or none, and taken back within a day."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.journal.entries import FILE_NAME
from broker.journal.replay import replay
from broker.journal.verify import problems
from broker.local.questions import CustomersImported, CustomersPart, ImportTakenBack, ListedCustomer
from broker.rules.facts import Keys
from broker.store.rebuilt import differences
from shared.errors import MessageError, OperatorError
from tests.customer_tables import DAY, csv_of
from tests.fakes import NINE, FakeClock
from tests.hub_fixtures import clock, hub
from tests.importing_site import Running, imports, running
from tests.samples import NATURAL

__all__ = ["clock", "hub", "running"]


def table(data: Path, *rows: list[str]) -> str:
    path = data / "customers.csv"
    path.write_text(csv_of(*rows), encoding="utf-8-sig", newline="")
    return str(path)


def owners(hub: Hub, phone: str) -> list[str]:
    found = hub.register.find(Keys(phone=phone))
    return [each.consultant_id for each in found if not each.is_overruled]


def assert_sound(data: Path, hub: Hub) -> None:
    hub.journal.seal()
    path, said = data / "hub" / FILE_NAME, list[str]()
    assert replay(path, said.append) == 0, said
    assert not list(problems(path))
    assert not list(differences(path))


FIRST = ["王强", DAY, "张", "13900000001", "浙A00001"]
SECOND = ["李敏", DAY, "李", "13900000002", ""]


def test_a_table_is_tried_entered_and_taken_back(running: Running) -> None:
    data, hub = running
    file = table(data, FIRST, SECOND)
    status, said = imports(data, "customers", file, "--dry-run")
    assert (status, owners(hub, "13900000001")) == (0, [])
    assert "2 new, 0 known already, 0 protected for a colleague, 0 rows wrong" in said
    status, said = imports(data, "customers", file)
    assert status == 0
    assert owners(hub, "13900000001") == ["wang"]
    assert owners(hub, "13900000002") == ["li"]
    import_id = said.split("yingbin import undo ")[1].split()[0]
    assert_sound(data, hub)
    status, said = imports(data, "customers", file)
    assert "0 new, 2 known already" in said, "a table that comes twice changes nothing"
    status, said = imports(data, "undo", import_id)
    assert status == 0
    assert owners(hub, "13900000001") == owners(hub, "13900000002") == []
    assert not hub.register.search("浙A00001")
    assert_sound(data, hub)


def test_one_wrong_row_keeps_the_whole_table_out(running: Running) -> None:
    data, hub = running
    status, said = imports(data, "customers", table(data, FIRST, ["李敏", DAY, "", "1.39E+10", ""]))
    assert status == 1
    assert "row 3" in said
    assert "1.39E+10" in said
    assert owners(hub, "13900000001") == []


def test_a_colleague_s_customer_is_named_and_left_out_only_if_that_is_asked(
    running: Running,
) -> None:
    data, hub = running
    imports(data, "customers", table(data, FIRST))
    another = ["李敏", DAY, "张", "13900000001", ""]
    file = table(data, another, SECOND)
    status, said = imports(data, "customers", file)
    assert status == 1
    assert "protected for 王强" in said
    assert "13900000001" not in said, "a phone is masked"
    assert owners(hub, "13900000002") == []
    status, _ = imports(data, "customers", file, "--without-conflicts")
    assert status == 0
    assert owners(hub, "13900000001") == ["wang"]
    assert owners(hub, "13900000002") == ["li"]


def test_two_rows_that_give_one_customer_to_two_people_are_a_conflict(running: Running) -> None:
    data, _ = running
    status, said = imports(
        data, "customers", table(data, FIRST, ["李敏", DAY, "", "13900000001", ""])
    )
    assert status == 1
    assert "row 3" in said


def test_a_table_without_titles_or_another_file_is_refused(running: Running) -> None:
    data, _ = running
    other = data / "other.xlsx"
    other.write_bytes(b"PK\x03\x04 nothing")
    bare = data / "bare.csv"
    bare.write_text("王强,13900000001\n", encoding="utf-8")
    for file in (other, bare, data / "missing.csv"):
        with pytest.raises(OperatorError):
            imports(data, "customers", str(file))


LISTED = ListedCustomer(
    registration_id="imp-1-2", consultant_id="li", at=NINE, phone="13900000009", surname="钱"
)


def part(clock: FakeClock, *customers: ListedCustomer) -> CustomersPart:
    return CustomersPart(import_id="imp-1", asked_at=clock(), customers=customers)


def test_nobody_of_a_table_counts_before_all_of_it_is_entered(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    handle(hub, part(clock, LISTED))
    handle(hub, part(clock, LISTED))
    assert owners(hub, "13900000009") == []
    done = CustomersImported(import_id="imp-1", asked_at=clock(), count=1, source="x.csv")
    handle(hub, done)
    assert owners(hub, "13900000009") == ["li"]
    with pytest.raises(MessageError, match="is done"):
        handle(hub, part(clock, LISTED))
    hub.journal.seal()
    assert not list(differences(tmp_path / FILE_NAME))


def test_who_was_received_since_stays_when_the_table_is_taken_back(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    handle(hub, part(clock, LISTED))
    handle(hub, CustomersImported(import_id="imp-1", asked_at=clock(), count=1, source="x.csv"))
    clock.pass_s(600)
    moment = clock()
    handle(hub, replace(NATURAL, phone="13900000009", consented_at=moment, checked_in_at=moment))
    assert hub.visits.of_check_in(NATURAL.check_in_id).rule == "R6"  # type: ignore[union-attr]
    handle(hub, ImportTakenBack(import_id="imp-1", asked_at=clock()))
    assert owners(hub, "13900000009") == ["li"]
    hub.journal.seal()
    assert not list(differences(tmp_path / FILE_NAME))


def test_after_a_day_a_table_stays(hub: Hub, clock: FakeClock) -> None:
    handle(hub, part(clock, LISTED))
    handle(hub, CustomersImported(import_id="imp-1", asked_at=clock(), count=1, source="x.csv"))
    clock.pass_s(86_401)
    with pytest.raises(MessageError, match="more than a day ago"):
        handle(hub, ImportTakenBack(import_id="imp-1", asked_at=clock()))


def test_a_customer_who_became_another_s_meanwhile_stops_the_table(
    hub: Hub, clock: FakeClock
) -> None:
    theirs = ListedCustomer(
        registration_id="imp-1-3", consultant_id="li", at=NINE, phone="13800138000"
    )
    with pytest.raises(MessageError, match="nothing of the table"):
        handle(hub, part(clock, theirs))


def test_a_site_toml_is_taken_over_by_command_too(running: Running) -> None:
    data, hub = running
    file = data / "site.toml"
    file.write_text(
        'order = ["zhou"]\n'
        '[[staff]]\nid = "zhou"\nname = "周敏"\nroles = ["consultant"]\npin = "204817"\n'
        f'[[registered]]\nconsultant = "zhou"\nat = {DAY}T10:00:00+08:00\nphone = "13900000004"\n',
        encoding="utf-8",
    )
    assert imports(data, "people", str(file), "--dry-run")[0] == 0
    assert hub.people.person("zhou") is None
    assert imports(data, "people", str(file))[0] == 0
    assert hub.people_of("consultant") == ("li", "wang", "zhou")
    assert imports(data, "customers", str(file))[0] == 0
    assert owners(hub, "13900000004") == ["zhou"]
    assert_sound(data, hub)
