from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from broker.rules.facts import Keys, Registration
from broker.rules.notices import LateEntry, LookedUp, Ruled
from broker.rules.skeletons import skeletons
from broker.store.moments import utc_text
from broker.store.register import CustomerRegister
from broker.store.schema import migrate, migrations
from shared.outbox import open_database
from tests.fakes import NINE


def registration(number: int, name: str, phone: str | None, *plates: str) -> Registration:
    at = NINE + timedelta(minutes=number)
    return Registration(
        registration_id=f"r-{number}",
        consultant_id="wang",
        registered_at=at,
        received_at=at,
        phone=phone,
        plates=plates,
        surname=name[:-2],
        salutation=name[-2:],
    )


CUSTOMERS = (
    registration(1, "张女士", "13800138000", "浙A88888"),
    registration(2, "欧阳先生", "13900139000", "浙AD12345", "沪B00001"),
    registration(3, "张小明先生", None, "浙A12345"),
    registration(4, "李女士", "13800138000"),
)


@pytest.fixture
def register(tmp_path: Path) -> CustomerRegister:
    db = open_database(tmp_path / "hub.sqlite3")
    migrate(db)
    register = CustomerRegister(db)
    with db.atomic():
        for customer in CUSTOMERS:
            register.add(customer)
    return register


def ids(found: Iterable[Registration]) -> list[str]:
    return [registration.registration_id for registration in found]


def test_a_phone_or_a_plate_finds_its_registrations_earliest_first(
    register: CustomerRegister,
) -> None:
    assert ids(register.find(Keys(phone="13800138000"))) == ["r-1", "r-4"]
    assert ids(register.find(Keys(plates=("沪B00001",)))) == ["r-2"]
    assert ids(register.find(Keys(phone="13800138000", plates=("浙AD12345",)))) == [
        "r-1",
        "r-2",
        "r-4",
    ]
    assert register.find(Keys()) == ()


def test_what_was_found_is_what_was_entered(register: CustomerRegister) -> None:
    assert register.find(Keys(plates=("浙AD12345",))) == (
        registration(2, "欧阳先生", "13900139000", "沪B00001", "浙AD12345"),
    )


@pytest.mark.parametrize("piece", ["\0" * 500, '"', "' or 1", "*" * 500, "字" * 500])
def test_a_search_for_anything_is_no_error(register: CustomerRegister, piece: str) -> None:
    assert register.search(piece) == ()


def test_a_registration_is_entered_once_and_never_changed(register: CustomerRegister) -> None:
    register.add(registration(1, "王先生", "13700137000", "浙C00000"))
    assert register.find(Keys(phone="13800138000"))[0].surname == "张"
    assert register.find(Keys(plates=("浙C00000",))) == ()


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("浙A8B8B8", "浙A88888"),  # the reader's own confusions, any number of them
        ("浙A88868", "浙A88888"),  # one other place
        ("浙A8888", "浙A88888"),  # a character too few
        ("浙A888888", "浙A88888"),  # a character too many
        ("浙AQ1234S", "浙AD12345"),
        ("京A12345", "浙A12345"),
    ],
)
def test_a_misread_plate_finds_the_one_that_was_meant(
    register: CustomerRegister, read: str, meant: str
) -> None:
    assert meant in register.look_alikes(read)


def test_a_plate_is_no_look_alike_of_itself_nor_of_a_stranger(register: CustomerRegister) -> None:
    assert register.look_alikes("浙A88888") == []
    assert register.look_alikes("粤C65432") == []


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("张", ["r-3", "r-1"]),
        ("张小", ["r-3"]),
        ("欧阳先", ["r-2"]),
        ("A888", ["r-1"]),
        ("浙a·123", ["r-3"]),
        ("12345", ["r-3", "r-2"]),
        ("女士", []),  # two characters are searched only as a beginning
        ('"', []),
        ('"" OR "张女士', []),
        ("  ", []),
    ],
)
def test_a_piece_of_a_name_or_a_plate_finds_the_customer(
    register: CustomerRegister, piece: str, found: list[str]
) -> None:
    assert ids(register.search(piece)) == found


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        *(("張先生", "张"), ("张先生", "張"), ("諸葛孔明先生", "诸葛孔"), ("歐陽女士", "欧阳女士")),
        *(("神木先生", "神"), ("阿依古丽·买买提女士", "買買提"), ("李 敏女士", "李敏女")),
        *(("𠮷田先生", "𠮷"), ("\ue123女士", "\ue123"), ("Li Na女士", "lina")),
    ],
)
def test_traditional_and_simplified_names_find_each_other(
    register: CustomerRegister, name: str, piece: str
) -> None:
    register.add(registration(9, name, None))
    found = register.search(piece)
    assert name in [f"{customer.surname}{customer.salutation}" for customer in found]


def test_keys_that_an_older_release_kept_as_written_are_found(tmp_path: Path) -> None:
    db = open_database(tmp_path / "hub.sqlite3")
    migrations.apply(db, stop_before="keep_each_key_in_one_spelling")
    at = utc_text(NINE)
    db.conn.execute(
        "insert into registrations (registration_id, consultant_id, registered_at, received_at, "
        "surname, salutation, phone) values ('r-1', 'wang', ?, ?, '張', '女士', '138００138000')",
        [at, at],
    )
    db.conn.execute("insert into registered_plates values ('浙a·３３３３３', 'r-1')")
    row = ("r-1", "張女士 浙a·３３３３３")
    db.conn.execute("insert into customer_texts values (?, ?)", row)
    pairs = [(skeleton, "浙a·３３３３３") for skeleton in skeletons("浙a·３３３３３")]
    db.conn.executemany("insert into plate_skeletons values (?, ?)", pairs)
    db.conn.execute("insert into visits (visit_id, plate) values ('v-1', '浙a·３３３３３')")
    looked_up = {"at": at, "consultant_id": "li", "phone": "138００138000"}
    db.table("look_ups").insert(looked_up)
    db.conn.commit()
    migrate(db)
    register, keys = CustomerRegister(db), Keys(phone="13800138000", plates=("浙A33333",))
    (found,) = register.find(keys)
    assert (found.phone, found.plates) == ("13800138000", ("浙A33333",))
    assert register.look_alikes("浙A3333B") == ["浙A33333"]
    assert db.table("plate_skeletons").count == len(skeletons("浙A33333"))
    for piece in ("张", "張", "张女士", "浙A33", "浙a·33"):
        assert ids(register.search(piece)) == ["r-1"]
    assert len(register.look_ups(keys, NINE)) == 1
    assert [row["plate"] for row in db.query("select plate from visits")] == ["浙A33333"]


def test_skeletons_of_look_alikes_are_the_same() -> None:
    assert skeletons("浙A8B0D1") == skeletons("浙A88001") == skeletons("浙ABBDQ7")
    assert skeletons("浙A88888").isdisjoint(skeletons("浙A12345"))


def test_an_older_file_gets_the_indexes_and_leaves_a_copy_beside(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    db = open_database(path)
    migrations.apply(db, stop_before="keep_the_house_rules")
    db.table("registrations").insert(
        {
            "registration_id": "r-1",
            "consultant_id": "wang",
            "registered_at": NINE.isoformat(),
            "surname": "张",
            "salutation": "女士",
            "phone": "13800138000",
        }
    )
    db.table("registered_plates").insert({"plate": "浙A88888", "registration_id": "r-1"})
    migrate(db)
    assert CustomerRegister(db).look_alikes("浙A8888B") == ["浙A88888"]
    assert ids(CustomerRegister(db).search("张女士")) == ["r-1"]
    copy = Database(tmp_path / "hub.sqlite3.before-keep_the_house_rules")
    assert copy.table("registrations").count == 1
    assert not copy.table("plate_skeletons").exists()


def test_a_new_file_leaves_no_copy(tmp_path: Path) -> None:
    migrate(open_database(tmp_path / "hub.sqlite3"))
    assert list(tmp_path.glob("*.before-*")) == []


def test_no_more_than_fifty_are_found_by_a_piece_and_the_latest_come_first(
    register: CustomerRegister,
) -> None:
    for number in range(10, 62):
        register.add(registration(number, "陈先生", None, f"浙C{number:05d}"))
    assert ids(register.search("陈")) == [f"r-{number}" for number in range(61, 11, -1)]
    assert ids(register.search("浙C0")) == [f"r-{number}" for number in range(61, 11, -1)]


def test_an_empty_register_says_so(tmp_path: Path, register: CustomerRegister) -> None:
    db = open_database(tmp_path / "new.sqlite3")
    migrate(db)
    assert CustomerRegister(db).is_empty
    assert not register.is_empty


def test_what_the_rules_say_of_an_entry_is_noted_there_alone(
    register: CustomerRegister,
) -> None:
    register.note(LateEntry(at=NINE, consultant_id="wang", registration_id="r-1"))
    register.note(Ruled(at=NINE, consultant_id="li", reason="老客户", overrules=("r-2", "r-3")))
    found = register.find(Keys(phone="13800138000", plates=("浙AD12345", "浙A12345")))
    assert len(found) == len(CUSTOMERS)
    assert ids(registration for registration in found if registration.is_late) == ["r-1"]
    assert ids(registration for registration in found if registration.is_overruled) == [
        "r-2",
        "r-3",
    ]


def test_who_searched_is_found_by_phone_or_plate_since_then_earliest_first(
    register: CustomerRegister,
) -> None:
    for minutes, who, phone, plate in (
        (2, "wang", "13800138000", None),
        (1, "li", None, "浙A88888"),
        (0, "zhao", "13800138000", None),
    ):
        at = NINE + timedelta(minutes=minutes)
        register.note(LookedUp(at=at, consultant_id=who, phone=phone, plate=plate))
    keys = Keys(phone="13800138000", plates=("浙A88888",))
    found = register.look_ups(keys, NINE + timedelta(minutes=1))
    assert [registration.consultant_id for registration in found] == ["li", "wang"]
    assert register.look_ups(Keys(phone="13900001111"), NINE) == ()
