"""The camera's own voice and display: who is greeted, what is never said, that nothing moves."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.camera.settings import CameraSettings
from gate.intake.greeting import Greeter
from gate.intake.same_car import SAME_CAR_S
from gate.passing.vote import VoteRules
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from gate.vendors.spoken import display_frame
from shared.words import LANGUAGES, read_words
from tests.gate.cars import VOICE
from tests.gate.intake.answers import sentences, wrong_in
from tests.gate.intake.bodies import form, posted, zhenshi
from tests.gate.intake.scene import Intake
from tests.gate.intake.vendor_cases import BACK, CASES, OLD

WELCOME, ONE_MOMENT = "您好，欢迎光临", "您好，请稍候"


@pytest.fixture
def intake() -> Intake:
    return Intake("zhenshi", speaks=True, shows=True)


def car(plate: str = "浙A12345", number: int = 17, **changes: Any) -> Body:
    return posted("/in/zhenshi", zhenshi(plate, number, **changes))


def heard(intake: Intake, body: Body) -> list[str]:
    answer = intake.post(body).data
    assert wrong_in(answer, ("浙A12345", "12345")) == []
    return sentences(answer)


def test_a_car_whose_plate_is_sure_is_welcomed_aloud_and_on_the_display(intake: Intake) -> None:
    assert heard(intake, car()) == [WELCOME, WELCOME]


@pytest.mark.parametrize(
    "unknown",
    [
        car("_无_"),
        car(confidence=61),
        car("无牌车"),
        car("AB1", confidence=99),
        car(is_fake_plate=1),
    ],
)
def test_an_unknown_car_is_asked_for_a_moment(intake: Intake, unknown: Body) -> None:
    assert heard(intake, unknown) == [ONE_MOMENT, ONE_MOMENT]


@pytest.mark.parametrize(
    "nobody",
    [
        car(direction=3),
        car(**OLD),
        car(**BACK),
        form("/in/zhenshi", ("pass_wd", "text/plain", b"hunter2")),
        Body(b"nonsense"),
        posted("/in/zhenshi", {"hello": [1]}),
    ],
)
def test_who_leaves_or_came_long_ago_and_what_is_no_car_is_not_spoken_to(
    intake: Intake, nobody: Body
) -> None:
    answer = intake.post(nobody).data
    assert sentences(answer) == []
    assert wrong_in(answer) == []


def test_a_car_is_greeted_once_however_often_its_camera_sends_it(intake: Intake) -> None:
    said = [heard(intake, car(number=number)) for number in (17, 17, 18)]
    assert said == [[WELCOME, WELCOME], [], []]
    assert heard(intake, car("浙B00012", 19)) == [WELCOME, WELCOME]
    intake.clock.pass_s(SAME_CAR_S + 1)
    assert heard(intake, car(number=30)) == [WELCOME, WELCOME]


def test_as_delivered_nothing_is_said_and_each_way_is_chosen_by_itself() -> None:
    said = [
        heard(Intake("zhenshi", speaks=speaks, shows=shows), car())
        for speaks, shows in ((False, False), (True, False), (False, True))
    ]
    assert said == [[], [WELCOME], [WELCOME]]


def test_what_the_disk_refuses_is_not_greeted_either(intake: Intake) -> None:
    intake.db.conn.execute("pragma query_only = on")
    assert intake.post(car()).data == b""
    intake.db.conn.execute("pragma query_only = off")
    assert heard(intake, car()) == [WELCOME, WELCOME]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_sentences_without_a_place_for_a_plate(language: str) -> None:
    for key in ("said.greeting", "said.one_moment"):
        sentence = read_words("gate").groups(("said",), language)[key]
        assert "{" not in sentence
        assert sentence.encode("gbk").decode("gbk") == sentence


def test_the_display_is_told_as_its_makers_papers_say() -> None:
    published = (
        "0064FFFF621B 00 00 01 00 05 00 01 03 00 FF000000 00000000 08 00 BBB6D3ADB9E2C1D9 5896"
    )
    assert display_frame("欢迎光临") == bytes.fromhex(published)


@pytest.mark.parametrize("source", sorted(CASES))
def test_no_vendors_answer_has_a_field_that_moves_a_barrier(source: str) -> None:
    intake = Intake(source, speaks=True, shows=True)
    for bodies, _, _ in CASES[source].values():
        for body in bodies:
            answer = intake.post(body).data
            assert wrong_in(answer, ("浙A12345", "浙B12345")) == []
            assert ADAPTERS[source].greets or answer == b""


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["ok", "_无_", "浙A12345", {"ivs_ioctrl": {"io": 0, "value": 2}}, ["ok"]]),
)  # fmt: skip
FIELDS = sorted(zhenshi()["AlarmInfoPlate"]["result"]["PlateResult"])


@given(changes=st.dictionaries(st.sampled_from([*FIELDS, "gioouts", "info"]), VALUES, max_size=4))
def test_nothing_that_a_camera_says_makes_an_answer_move_a_barrier_or_say_a_plate(
    changes: dict[str, Any],
) -> None:
    settings = CameraSettings(source="zhenshi", speaks=True, shows=True)
    greeter = Greeter(settings, VoteRules(), VOICE, lambda: 0.0)
    tree = zhenshi()
    tree["AlarmInfoPlate"]["result"]["PlateResult"] |= changes
    body = Body(msgspec.json.encode(tree), "/in/zhenshi")
    greeting = greeter.greeting(ADAPTERS["zhenshi"].understand(body))
    assert wrong_in(ADAPTERS["zhenshi"].answer(body, greeting), ("浙A12345", "ok")) == []
    assert greeting.text in ("", WELCOME, ONE_MOMENT)
