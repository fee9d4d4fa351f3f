"""A gate behind other people's cameras: nothing is lost, nobody is told twice, no barrier opens."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gate.intake.desk import SILENT_S
from gate.intake.door import LARGEST_BODY_BYTES
from gate.intake.spool import Spool
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from gate.vendors.secrets_out import fit_to_keep
from shared.messages import Arrival, ArrivalDetails, Say
from tests.gate.intake.bodies import (
    AT_S,
    JPEG,
    PICTURE,
    dahua,
    form,
    frigate,
    hikvision,
    hikvision_form,
    posted,
    zhenshi,
)
from tests.gate.intake.scene import Intake

PASSWORD = "correct-horse"


@pytest.fixture
def intake() -> Intake:
    return Intake("zhenshi")


def car(plate: str = "浙A12345", number: int = 17, **changes: Any) -> Body:
    return posted("/in/zhenshi", zhenshi(plate, number, **changes))


def taken(seconds: float) -> dict[str, Any]:
    """The moment, so many seconds after the first car, by the camera's clock."""
    return {"timeStamp": {"Timeval": {"sec": AT_S + seconds, "usec": 0}}}


def arrivals(intake: Intake) -> list[Arrival]:
    return [message for message in intake.told() if isinstance(message, Arrival)]


def said(intake: Intake) -> list[str]:
    return [message.text for message in intake.link.sent if isinstance(message, Say)]


def test_the_hub_is_told_what_the_camera_read_and_where_it_comes_from(intake: Intake) -> None:
    intake.take(car())
    (arrival,) = arrivals(intake)
    assert (arrival.plate, arrival.raw_plate, arrival.kind) == ("浙A12345", "浙A12345", "small")
    assert (arrival.colour, arrival.confidence, arrival.direction) == ("blue", 0.97, "in")
    assert arrival.details == ArrivalDetails(
        source="zhenshi", vendor_id=f"c0ffee-01-17-{AT_S}.120000"
    )
    assert said(intake) == ["浙A12345 到访"]


def test_no_answer_opens_a_barrier_or_lets_a_camera_send_for_ever(intake: Intake) -> None:
    said = msgspec.json.decode(intake.post(car()).data)
    assert said == {"Response_AlarmInfoPlate": {"info": "no", "content": "retransfer_stop"}}
    kept = msgspec.json.decode(intake.post(car(number=9, isoffline=1)).data)
    resumed = kept["Response_AlarmInfoPlate"].pop("ContinuePushOffline")
    assert (resumed, kept) == ({"plateid": 9, "continue": 1}, said)
    assert msgspec.json.decode(intake.post(Body(b"nonsense")).data) == said


@pytest.mark.parametrize("source", sorted(set(ADAPTERS) - {"zhenshi"}))
def test_all_others_are_answered_with_nothing(source: str) -> None:
    answer = Intake(source).post(Body(b'{"Picture": {}}', f"/in/{source}"))
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_body_is_kept_before_it_is_answered_and_read_only_then(intake: Intake) -> None:
    intake.post(car())
    (kept,) = intake.spool.unread(10)
    assert kept.body.data == fit_to_keep(car().data)
    assert intake.told() == []


def test_what_the_disk_refuses_is_not_answered_with_received(intake: Intake) -> None:
    intake.db.conn.execute("pragma query_only = on")
    assert intake.post(car()).status_code == 503
    intake.db.conn.execute("pragma query_only = off")
    assert intake.post(car()).status_code == 200
    intake.desk.turn()
    assert intake.plates() == ["+浙A12345"]


def test_a_restart_at_any_moment_tells_nobody_twice(intake: Intake) -> None:
    intake.take(car())
    intake.start()
    assert intake.take(car(), car(number=18, **taken(60))) == ["sent_again", "told_before"]
    assert intake.plates() == ["+浙A12345"]


class KilledError(BaseException):
    """The process ends here."""


def test_a_kill_between_telling_and_noting_it_tells_the_same_message_again(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise KilledError

    intake.post(car())
    with monkeypatch.context() as killed:
        killed.setattr(Spool, "finish", kill)
        with pytest.raises(KilledError):
            intake.desk.turn()
    assert intake.plates() == ["+浙A12345"]
    intake.start()
    intake.desk.turn()
    assert len({arrival.arrival_id for arrival in arrivals(intake)}) == 1
    assert intake.spool.unread(1) == []


def test_what_comes_twice_before_it_is_read_counts_once() -> None:
    intake = Intake("dahua")
    misread = posted("/in/dahua", dahua("浙A1Z345", at="2026-11-23 09:02:05.100", Confidence=70))
    intake.post(misread)
    intake.take(misread, posted("/in/dahua", dahua(Confidence=95)))
    assert [kept.verdicts for kept in intake.kept()] == [("waits",), ("sent_again",), ("told",)]
    assert intake.plates() == ["+浙A12345"]


def test_an_unsure_car_that_waited_over_a_restart_is_told_once() -> None:
    intake = Intake("frigate")
    intake.post(posted("/in/frigate", frigate(score=0.6)))
    intake.desk.turn()
    assert intake.plates() == []
    intake.start()
    intake.clock.pass_s(5)
    intake.desk.turn()
    intake.start()
    intake.clock.pass_s(5)
    intake.desk.turn()
    assert intake.plates() == ["+浙A12345?"]


def test_records_that_a_camera_had_kept_come_in_order_late_and_silent(intake: Intake) -> None:
    old = [car(f"浙A0000{n}", n, isoffline=1, **taken(-7200 + 600 * n)) for n in range(1, 4)]
    intake.take(*old)
    told = arrivals(intake)
    assert [arrival.plate for arrival in told] == ["浙A00001", "浙A00002", "浙A00003"]
    assert [arrival.seq for arrival in told] == [1, 2, 3]
    assert all(arrival.sent_at - arrival.seen_at > timedelta(seconds=120) for arrival in told)
    assert said(intake) == []


def test_a_record_from_a_clock_that_is_ahead_is_late_all_the_same(intake: Intake) -> None:
    intake.take(car(isoffline=1, **taken(86_400)))
    (arrival,) = arrivals(intake)
    assert arrival.sent_at - arrival.seen_at > timedelta(seconds=120)


def test_what_a_camera_sends_again_after_we_were_away_is_late_though_it_does_not_say_so(
    intake: Intake,
) -> None:
    intake.take(car("浙A00001", 1, **taken(0)))
    intake.clock.pass_s(1200)
    intake.take(*(car(f"浙B0000{n}", 10 + n, **taken(100 * n)) for n in range(1, 4)))
    intake.take(car("浙C00001", 20, **taken(1230)))
    assert [text[:7] for text in said(intake)] == ["浙A00001", "浙C00001"]
    late = [each.sent_at - each.seen_at > timedelta(seconds=120) for each in arrivals(intake)]
    assert late == [False, True, True, True, False]


def test_a_camera_whose_clock_is_wrong_or_is_set_rings_all_the_same(intake: Intake) -> None:
    for number, seconds in enumerate((-28_800, -28_700, 500, 600), start=1):
        intake.take(car(f"浙A0000{number}", number, **taken(seconds)))
        intake.clock.pass_s(80)
    assert len(said(intake)) == 4


def test_two_cars_alike_one_after_the_other_are_two_and_one_misread_is_one(intake: Intake) -> None:
    intake.take(car("浙A12345", 1), car("浙A12346", 2), car("浙A12Z46", 3, confidence=40))
    assert intake.plates() == ["+浙A12345", "+浙A12346"]


def test_the_rest_of_a_pass_that_comes_after_a_restart_of_ours_belongs_to_it() -> None:
    intake = Intake("dahua")
    at = "2026-11-23 09:02:05.{}00"
    misread, *rest = (
        posted("/in/dahua", dahua(plate, at=at.format(n), Confidence=sure))
        for n, (plate, sure) in enumerate((("浙A1Z345", 62), ("浙A12345", 93), ("浙A12345", 95)))
    )
    intake.take(misread)
    intake.clock.pass_s(20)
    intake.start()
    intake.take(*rest)
    assert intake.plates() == ["+浙A1Z345?", "=浙A12345"]


def test_a_car_that_comes_back_is_told_again(intake: Intake) -> None:
    intake.take(car(number=1))
    intake.take(car(number=2, direction=3, **taken(60)))
    intake.take(car(number=3, **taken(120)))
    assert intake.plates() == ["+浙A12345", "-浙A12345", "+浙A12345"]


def test_passwords_are_neither_kept_nor_logged(
    intake: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    secret = PASSWORD.encode()
    beat = form("/in/zhenshi", ("serialno", "text/plain", b"c0"), ("pass_wd", "text/plain", secret))
    others = [
        Body(f'{{"user": "a", "password": "{PASSWORD}", "b": 1}}'.encode()),
        Body(f"<a><passWord>{PASSWORD}</passWord></a>".encode()),
        Body(f"user=a&pass_wd={PASSWORD}&b=1".encode(), content_type="text/plain"),
        Body(beat.data.replace(b"serialno", b"{").replace(b"c0", b"{"), content_type=""),
    ]
    with caplog.at_level("DEBUG"):
        intake.take(beat, *others)
    assert len(intake.kept()) == len(others)
    assert not [kept for kept in intake.kept() if secret in kept.body.data]
    assert PASSWORD not in caplog.text


def test_pictures_are_never_kept_and_the_rest_can_be_read_again() -> None:
    sent = {
        "hikvision": hikvision_form(hikvision()),
        "zhenshi": car(),
        "dahua": posted("/in/dahua", dahua()),
    }
    for source, body in sent.items():
        intake = Intake(source)
        intake.post(body)
        (kept,) = intake.spool.unread(2)
        assert JPEG[:40] not in kept.body.data
        assert PICTURE[:1000].encode() not in kept.body.data
        understand = ADAPTERS[source].understand
        assert understand(kept.body) == understand(body)


def test_what_nobody_understands_is_kept_as_it_came_and_deleted_after_its_days(
    intake: Intake,
) -> None:
    odd = bytes(range(256)) * 8
    assert intake.take(Body(odd)) == ["not_understood"]
    assert [kept.body.data for kept in intake.kept()] == [odd]
    intake.spool.delete_old(intake.clock() + timedelta(days=8), 7)
    assert intake.kept() == []


def test_a_body_too_large_is_refused_and_the_next_car_is_taken(intake: Intake) -> None:
    assert intake.post(Body(b"{" + b" " * LARGEST_BODY_BYTES)).status_code == 413
    assert intake.take(car()) == ["told"]


def test_cameras_that_gave_signs_of_life_and_fall_silent_are_told_of(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake.post(form("/in/zhenshi", ("serialno", "text/plain", b"c0")))
    assert intake.desk.signs.problem is None
    heard = intake.desk.signs.heard_at_s
    assert heard is not None
    monkeypatch.setattr("gate.intake.desk.time.monotonic", lambda: heard + SILENT_S + 1)
    assert intake.desk.signs.problem == "camera_offline"
