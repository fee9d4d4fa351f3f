"""The consultants whom a visitor may name."""

from pathlib import Path

from kiosk.answers import Answers
from shared.messages import Roster, RosterEntry
from tests.fakes import NINE
from tests.kiosk.house import House, Visitor, on_disk, settings


def asked_for_a_consultant(house: House) -> Visitor:
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("no", "no", "no")
    return visitor


def test_the_consultants_are_there_after_a_restart_without_a_network(tmp_path: Path) -> None:
    House(db=on_disk(tmp_path / "kiosk.db")).tell_roster()
    restarted = House(db=on_disk(tmp_path / "kiosk.db"))
    restarted.link.is_up = False
    visitor = asked_for_a_consultant(restarted)
    assert visitor.shows("consultant-li")
    assert "王强" in visitor.page


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    numbers = []
    for _ in range(2):
        house = House(db=on_disk(tmp_path / "kiosk.db"))
        house.parts.desk.check_in(house.visits.begin(Answers("zh-CN")))
        numbers.append(house.check_ins()[0].seq)
    assert numbers == [1, 2]


def test_a_new_roster_replaces_the_old_one() -> None:
    house = House()
    house.tell_roster()
    newcomer = RosterEntry(consultant_id="qian", name="钱多")
    house.tell(Roster(consultants=(newcomer,), sent_at=NINE))
    visitor = asked_for_a_consultant(house)
    assert visitor.shows("consultant-qian")
    assert not visitor.shows("consultant-li")


def test_before_the_first_roster_a_name_can_be_typed() -> None:
    house = House()
    visitor = asked_for_a_consultant(house)
    assert visitor.shows("named-text")
    visitor.send("/check-in/consultant", named_text="李敏")
    assert visitor.shows("car-none")


def test_a_picture_comes_from_the_site_s_folder_and_from_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "li.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("nobody's business", encoding="utf-8")
    house = House(settings=settings(pictures_dir=str(tmp_path / "pictures")))
    entry = RosterEntry(consultant_id="li", name="李敏", picture="li.svg")
    house.tell(Roster(consultants=(entry,), sent_at=NINE))
    visitor = asked_for_a_consultant(house)
    assert 'src="/pictures/li.svg"' in visitor.page
    with visitor.browser.get("/pictures/li.svg") as picture:
        assert picture.status_code == 200
    assert visitor.browser.get("/pictures/..%2Fsecret.txt").status_code == 404
