"""The page of the site's health and the doctor say the same, because they are the same checks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from broker.doctor.examination import CHECKS, Result, examine
from broker.doctor.finding import Finding, hint, wrong
from broker.doctor.last_examination import FILE_NAME, keep, last_examination
from broker.doctor.patient import Patient, admit
from broker.doctor.said import said
from broker.handlers.context import Hub
from broker.handlers.presence import SILENT_AFTER_S, Presence
from broker.health.rehearsal import rehearsed
from broker.health.site_figures import Condition
from broker.hub.daily_examination import DAILY, DailyExamination
from broker.hub.errand import Errand
from broker.journal.signed_head import heads_in
from broker.local.local_socket import LocalSocket, ask_figures
from broker.local.post_box import PostBox
from broker.queries.health import GOOD_FOR, HubHealth
from broker.queries.measuring import HubFigures
from broker.queries.overview import HubSite
from broker.settings import HubSettings
from broker.site_key.signing import is_signed
from shared.config import read_config
from shared.errors import OperatorError
from shared.messages import NodeKind, NodeState, NodeStatus
from tests.broker.backup.office import Office, cars, set_up_office
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers
from tests.waiting import eventually


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return set_up_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def hub(office: Office) -> Iterator[Hub]:
    with office.at_work() as hub:
        cars(hub, range(3))
        assert isinstance(hub.clock, FakeClock)
        yield replace(hub, presence=Presence(hub.clock.running_s))


@pytest.fixture
def figures(office: Office, hub: Hub) -> HubFigures:
    settings = read_config(HubSettings, office.toml)
    return HubFigures(settings, hub, HubSite(settings, hub).overview, lambda: 5)


@pytest.fixture
def health(office: Office, hub: Hub, figures: HubFigures) -> HubHealth:
    return HubHealth(admit(office.place.config, {}, hub.clock), hub, figures)


def test_what_the_hub_tells_the_doctor_is_what_its_page_shows(
    office: Office, hub: Hub, figures: HubFigures, health: HubHealth
) -> None:
    answers(hub, NodeStatus(node_id="li", kind=NodeKind.STAFF, state=NodeState.ONLINE, at=NINE))
    answers(hub, NodeStatus(node_id="north", kind=NodeKind.GATE, state=NodeState.ONLINE, at=NINE))
    assert isinstance(hub.clock, FakeClock)
    hub.clock.pass_s(40)  # both fall silent
    socket = LocalSocket(office.place.hub, PostBox(), figures.measure)
    socket.start()
    try:
        patient = admit(office.place.config, {}, hub.clock)
    finally:
        socket.stop()
    assert patient.figures == figures.measure()
    quick = tuple(check for check in CHECKS if check.is_quick)
    by_doctor = {result.name: result for result in examine(patient, quick)}
    by_page = {line.name: line for line in health.view("zh-CN").checks}
    assert by_page.keys() == {check.name for check in CHECKS}
    for name, result in by_doctor.items():
        line = by_page[name]
        assert line.condition is result.condition
        told = [said(finding, "zh-CN").what for finding in result.found or ()]
        assert [remedy.what for remedy in line.found] == told
    assert by_page["nodes"].condition is Condition.WRONG
    assert by_page["phones"].condition is Condition.WRONG


def test_without_a_hub_nothing_is_taken_for_green(office: Office) -> None:
    office.place.hub.mkdir(parents=True)
    with pytest.raises(OperatorError):
        ask_figures(office.place.hub)
    patient = admit(office.place.config, {}, lambda: NINE)
    live = tuple(check for check in CHECKS if "figures" in check.needs)
    assert {result.condition for result in examine(patient, live)} == {Condition.UNKNOWN}


def result(name: str, *found: Finding) -> Result:
    return Result(name, found)


def test_the_page_shows_the_last_examination_until_it_is_too_old(
    office: Office, hub: Hub, health: HubHealth
) -> None:
    def line(name: str, tag: str = "zh-CN") -> tuple[Condition, list[str]]:
        found = next(line for line in health.view(tag).checks if line.name == name)
        return found.condition, [remedy.what for remedy in found.found]

    assert line("settings")[0] is Condition.UNKNOWN
    results = [
        result("settings"),
        result("opencv", wrong("two_opencvs", names="a, b")),
        result("clock", hint("clock_not_set")),
        Result("access", None),
    ]
    keep(office.place.hub, results, hub.clock())
    assert line("settings") == (Condition.FINE, [])
    assert line("opencv")[0] is Condition.WRONG
    assert "a, b" in line("opencv", "en")[1][0]
    assert line("clock")[0] is Condition.HINT
    assert line("access")[0] is Condition.UNKNOWN  # it could not be made
    assert line("screen")[0] is Condition.UNKNOWN  # an older release's examination lacks it
    assert (office.place.hub / FILE_NAME).stat().st_mode & 0o777 == 0o600
    keep(office.place.hub, results, hub.clock() - GOOD_FOR - timedelta(seconds=1))
    assert line("settings")[0] is Condition.UNKNOWN


def test_settings_that_the_hub_may_not_read_are_not_wrong_but_not_known(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(kind: type, path: object) -> object:
        if str(path).endswith("mqtt.toml"):
            raise PermissionError(13, "Permission denied")
        return read_config(kind, path)  # type: ignore[arg-type]

    monkeypatch.setattr("broker.doctor.patient.read_config", read)
    patient = admit(office.place.config, {}, lambda: NINE)
    names = ("settings", "hidden")
    checks = tuple(check for check in CHECKS if check.name in names)
    found = {each.name: each.condition for each in examine(patient, checks)}
    assert found == {"settings": Condition.FINE, "hidden": Condition.UNKNOWN}


def test_the_journal_s_end_is_signed_when_somebody_looks(health: HubHealth, hub: Hub) -> None:
    line = health.head()
    assert line
    (head,) = heads_in(line.text)
    end = hub.journal.head()
    assert end
    assert (head.seq, head.hash, head.on) == (end.seq, end.hash, "2026-11-23")
    assert is_signed(head.claim, head.signature, health.public_key())


def test_what_is_not_on_the_disk_yet_is_not_signed(health: HubHealth, hub: Hub) -> None:
    hub.disk.is_unsaved = True
    assert health.head() is None


def test_the_hub_examines_itself_once_a_day(office: Office, hub: Hub) -> None:
    daily = Errand(DailyExamination(office.place.hub, office.toml))
    daily.step(hub, 0.0)
    assert daily.is_idle
    daily.step(hub, DailyExamination.first_after_s)
    assert not daily.is_idle

    def has_ended() -> bool:
        daily.step(hub, DailyExamination.first_after_s + 1)
        return daily.is_idle

    assert eventually(has_ended)
    examined = last_examination(office.place.hub)
    assert examined
    assert examined.found.keys() == {check.name for check in CHECKS if not check.is_quick}
    hub_clock = hub.clock
    assert isinstance(hub_clock, FakeClock)
    hub_clock.moment = examined.at
    daily.step(hub, DailyExamination.first_after_s + DailyExamination.every_s)
    assert daily.is_idle
    hub_clock.moment = examined.at + DAILY + timedelta(minutes=1)
    daily.step(hub, DailyExamination.first_after_s + 2 * DailyExamination.every_s)
    assert not daily.is_idle
    daily.stop()


def test_an_examination_that_cannot_be_kept_stops_nobody(office: Office) -> None:
    keep(office.place.hub / "gone", [result("settings")], NINE)
    (office.place.hub).mkdir(parents=True, exist_ok=True)
    (office.place.hub / FILE_NAME).write_bytes(b"{")
    assert last_examination(office.place.hub) is None


def test_what_the_page_checks_needs_nothing_that_it_does_not_check() -> None:
    quick = {check.name for check in CHECKS if check.is_quick}
    parts = set(Patient.__dataclass_fields__)
    for check in CHECKS:
        if check.is_quick:
            assert set(check.needs) <= quick | parts


def test_in_the_rehearsal_each_device_is_scored_by_what_the_hub_saw_of_it(
    office: Office, hub: Hub
) -> None:
    clock, settings = hub.clock, read_config(HubSettings, office.toml)
    assert isinstance(clock, FakeClock)
    kinds = {"north": NodeKind.GATE, "lobby": NodeKind.KIOSK, "side": NodeKind.KIOSK}

    def heard(name: str, state: NodeState = NodeState.ONLINE, **more: object) -> None:
        node = NodeStatus(node_id=name, kind=kinds[name], state=state, at=clock())
        answers(hub, msgspec.structs.replace(node, **more))

    def stands(since: datetime) -> dict[str, tuple[str, int, int | None]]:
        now = HubFigures(settings, hub, HubSite(settings, hub).overview, lambda: 5).measure()
        nodes = rehearsed(now, since)[1:]
        return {each.named.node_id: (each.tried, each.points, each.away_s) for each in nodes}

    for name in kinds:
        heard(name)
    clock.pass_s(5)
    heard("side", NodeState.OFFLINE)
    heard("side")
    clock.pass_s(5)
    began = clock()
    assert stands(began) == dict.fromkeys(kinds, ("not_yet", 0, None))
    heard("north", NodeState.OFFLINE)
    clock.pass_s(SILENT_AFTER_S)
    assert stands(began)["north"] == stands(began)["lobby"] == ("away", 1, None)
    heard("north")
    heard("lobby", waiting=3)
    heard("side")
    now = stands(began)
    assert now["north"] == ("whole", 3, 30)
    assert now["lobby"] == ("back", 2, 40)
    heard("lobby")
    assert stands(began)["lobby"] == ("whole", 3, 40)
    assert stands(clock())["north"] == ("not_yet", 0, None), "what was before does not count"
