import shutil
import threading
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest
from sqlite_utils import Database

from gate.camera.frame import Frame, Image
from gate.camera.images import ImageFolder
from gate.loop import CourierLoop, Gate
from gate.own_file import Sequence
from gate.passing.daylight import Daylight
from gate.passing.refusal import Reason
from gate.passing.trace import Trace
from gate.passing.vote import PlateVote, VoteRules
from gate.pipeline import Pipeline, Stamps
from gate.reader.reading import PlateReading
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.messages import Arrival, GatePicture, NodeKind, NodeStatus, PictureAsked, Say
from shared.node import Node
from shared.outbox import open_database
from shared.sealed_file import sqlite3
from tests.fakes import SITE, FakeClock, FakeLink
from tests.gate.cars import START, VOICE, FakeEngine, frame, photo, picture, plate
from tests.waiting import eventually

DARK = 60
BY_NIGHT = VoteRules(min_reads=4)


@dataclass(slots=True)
class FakeCamera:
    """Shows ``frames`` and then nothing."""

    frames: list[Frame]
    problem: str | None = None
    is_live: bool = True
    stop: threading.Event = field(default_factory=threading.Event)

    def next_frame(self, wait_s: float) -> Frame | None:
        if not self.frames:
            self.stop.set()
            return None
        return self.frames.pop(0)

    def close(self) -> None:
        """Nothing is open."""


def memory() -> Database:
    return Database(sqlite3.connect(":memory:", check_same_thread=False))


@dataclass(slots=True)
class Scene:
    """A gate in memory and what stands around it."""

    folder: Path
    link: FakeLink = field(default_factory=FakeLink)
    told: list[str] = field(default_factory=list)
    db: Database = field(default_factory=memory)
    carrying: CourierLoop = field(init=False)
    outbox: EdgeOutbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = EdgeOutbox(self.db)
        node = Node(SITE, "north", NodeKind.GATE, "0")
        self.carrying = CourierLoop(Courier(node, self.link, self.outbox, lambda _message: None))

    def gate(self, camera: FakeCamera, *readings: PlateReading) -> Gate:
        ids = (f"id-{number}" for number in count(1))
        numbers = count(1)
        stamps = Stamps(lambda: next(ids), lambda: next(numbers), FakeClock())
        engine = FakeEngine({DARK: list(readings)})
        pipeline = Pipeline("north", engine, PlateVote(VoteRules()), stamps, VOICE)
        images = ImageFolder(self.folder, 7)
        trace = Trace(self.folder.parent / "trace", days=7, most=100)
        daylight = Daylight(50.0, VoteRules(), BY_NIGHT)
        return Gate(camera, pipeline, images, self.carrying, self.told.append, trace, daylight)

    def run(self, camera: FakeCamera, *readings: PlateReading) -> None:
        self.gate(camera, *readings).run(camera.stop)

    def kept(self) -> list[Arrival]:
        found = [waiting.message for waiting in self.outbox.waiting(100)]
        return [message for message in found if isinstance(message, Arrival)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    built = Scene(tmp_path / "images")
    built.carrying.start()
    yield built
    built.carrying.stop()


def car(*seconds: float) -> FakeCamera:
    return FakeCamera([photo(after_s, shade=DARK) for after_s in seconds])


def test_an_arrival_is_kept_for_the_hub_and_said_to_the_guard_at_once(scene: Scene) -> None:
    scene.run(car(0, 0.2, 0.4), plate("浙A88888"))
    (arrival,) = scene.kept()
    assert arrival.plate == "浙A88888"
    said = [message for message in scene.link.sent if isinstance(message, Say)]
    assert [(alert.role, alert.text) for alert in said] == [("gate", "浙A88888 到访")]


def test_the_frame_that_was_read_is_kept_under_the_arrivals_picture_id(scene: Scene) -> None:
    scene.run(car(0, 0.2), plate("浙A88888"))
    (arrival,) = scene.kept()
    image = cv2.imread(str(scene.folder / f"{arrival.image_id}.jpg"))
    assert image is not None
    assert image.mean() == pytest.approx(DARK, abs=3)


def test_a_car_is_told_before_its_picture_is_made(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str | None] = []

    def finish(_folder: ImageFolder, image_id: str, _image: Image) -> None:
        assert eventually(lambda: any(isinstance(sent, Arrival) for sent in scene.link.sent))
        told.extend(arrival.image_id for arrival in scene.kept())
        assert told == [image_id]

    monkeypatch.setattr(ImageFolder, "finish", finish)
    scene.run(car(0, 0.2), plate("浙A88888"))
    assert len(told) == 1


def test_a_disk_without_room_for_a_picture_takes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(free=picture().nbytes // 100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    assert not ImageFolder(tmp_path, 7).begin("one", picture())


def test_a_full_disk_costs_the_picture_not_the_arrival(scene: Scene) -> None:
    scene.folder.write_text("a file where the folder should be")
    scene.run(car(0, 0.2), plate("浙A88888"))
    (arrival,) = scene.kept()
    assert arrival.image_id is None


def test_a_disk_that_takes_nothing_is_told_to_the_guard_once_and_cars_are_sent_from_memory(
    scene: Scene,
) -> None:
    scene.db.conn.execute("pragma query_only = on")
    gate = scene.gate(car(0, 0.2, 0.4), plate("浙A88888"))
    gate.run(cast(FakeCamera, gate.camera).stop)
    for _ in range(3):
        gate.turn()
    (arrival,) = scene.kept()
    assert scene.outbox.is_held(arrival.arrival_id)
    assert eventually(lambda: any(isinstance(sent, Arrival) for sent in scene.link.sent))
    scene.db.conn.execute("pragma query_only = off")
    scene.outbox.save()
    gate.turn()
    said = [message.text for message in scene.link.sent if isinstance(message, Say)]
    assert said == [
        "浙A88888 到访",
        "门岗磁盘出错，车辆照常播报，尚未存盘",
        "门岗磁盘恢复，已全部存盘",
    ]


def test_without_the_mqtt_server_nothing_is_said_and_nothing_is_lost(scene: Scene) -> None:
    scene.link.is_up = False
    scene.run(car(0, 0.2), plate("浙A88888"))
    assert len(scene.kept()) == 1
    assert not any(isinstance(message, Say) for message in scene.link.sent)


def test_a_car_that_is_still_undecided_when_the_gate_stops_is_not_lost(scene: Scene) -> None:
    scene.run(car(0), plate("浙A88888", 0.5))
    (arrival,) = scene.kept()
    assert arrival.is_uncertain


def test_a_camera_that_is_away_is_told_with_the_heartbeat_and_its_return_too(scene: Scene) -> None:
    camera = FakeCamera([], problem="camera_offline")
    gate = scene.gate(camera)
    gate.turn()
    assert scene.carrying.courier.problem == "camera_offline"
    camera.problem, camera.frames = None, [frame()]
    gate.turn()
    assert scene.carrying.courier.problem is None


def test_the_guard_hears_at_once_that_the_camera_is_away_and_that_it_is_back(scene: Scene) -> None:
    camera = FakeCamera([], problem="camera_offline")
    gate = scene.gate(camera)
    gate.turn()
    gate.turn()
    camera.problem, camera.frames = None, [frame(shade=90), frame(1, shade=91)]
    gate.turn()
    gate.turn()
    said = [message for message in scene.link.sent if isinstance(message, Say)]
    assert [(alert.role, alert.text) for alert in said] == [
        ("gate", "门岗相机离线，请人工登记车牌"),
        ("gate", "门岗相机恢复正常"),
    ]


def test_a_black_picture_is_kept_in_the_trace_once(scene: Scene) -> None:
    gate = scene.gate(FakeCamera([frame(at, shade=1) for at in range(40)]))
    for _ in range(40):
        gate.turn()
    assert [entry.reason for entry in gate.trace.entries()] == [Reason.CAMERA_BLACK]


def test_an_uncertain_arrival_is_told_and_kept_in_the_trace_too(scene: Scene) -> None:
    scene.run(car(0), plate("浙A88888", 0.5))
    (entry,) = Trace(scene.folder.parent / "trace", days=7, most=9).entries()
    assert (entry.reason, entry.plate) == (Reason.UNCERTAIN, "浙A88888")


def test_at_night_more_frames_must_agree(scene: Scene) -> None:
    by_day = [frame(at, shade=90 + at % 2) for at in range(3)]
    at_night = [frame(at, shade=30 + at % 2) for at in range(10, 60)]
    gate = scene.gate(FakeCamera([*by_day, *at_night]))
    for _ in by_day:
        gate.turn()
    assert gate.pipeline.vote.rules == VoteRules()
    for _ in at_night:
        gate.turn()
    assert gate.pipeline.vote.rules == BY_NIGHT


def test_a_black_picture_is_told_with_the_heartbeat(scene: Scene) -> None:
    scene.run(FakeCamera([frame(at, shade=1) for at in range(20)]))
    assert scene.carrying.courier.problem == "camera_black"


def test_a_dark_photo_of_a_folder_is_no_problem_of_a_camera(scene: Scene) -> None:
    scene.run(FakeCamera([frame(at, shade=1) for at in range(20)], is_live=False))
    assert scene.carrying.courier.problem is None


def test_systemd_hears_ready_and_then_of_every_turn(scene: Scene) -> None:
    scene.run(car(0, 0.2))
    assert scene.told[0] == "READY=1"
    assert scene.told.count("WATCHDOG=1") == 3


def test_systemd_hears_nothing_while_the_courier_hangs(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.loop.STUCK_AFTER_S", 0.0)
    scene.run(car(0, 0.2))
    assert "WATCHDOG=1" not in scene.told


def test_a_dead_courier_ends_the_gate_so_that_it_is_started_again(scene: Scene) -> None:
    scene.carrying.stop()
    with pytest.raises(RuntimeError, match="courier"):
        scene.run(car(0, 0.2))


def test_a_gate_that_is_started_first_tells_that_it_is_online(scene: Scene) -> None:
    scene.run(car(0))
    assert eventually(lambda: any(isinstance(sent, NodeStatus) for sent in scene.link.sent))


def test_pictures_are_deleted_after_their_days(tmp_path: Path) -> None:
    folder = ImageFolder(tmp_path, 7)
    assert folder.begin("one", picture())
    folder.finish("one", picture())
    written_at = START.fromtimestamp((tmp_path / "one.jpg").stat().st_mtime, START.tzinfo)
    assert folder.delete_old(written_at + timedelta(days=6, hours=23)) == 0
    assert folder.delete_old(written_at + timedelta(days=7, hours=1)) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_gates_numbers_count_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "gate.sqlite3"
    first = Sequence(open_database(path))
    assert [first.next(), first.next()] == [1, 2]
    assert Sequence(open_database(path)).next() == 3


def test_a_manager_who_looks_is_sent_what_the_camera_sees_once(scene: Scene) -> None:
    gate = scene.gate(car(0, 0.2))
    scene.carrying.hear(PictureAsked(gate_id="north", asked_id="look-1", asked_at=START))
    gate.turn()
    (told,) = (sent for sent in scene.link.sent if isinstance(sent, GatePicture))
    assert (told.asked_id, scene.carrying.asked_id) == ("look-1", None)
    assert cv2.imdecode(np.frombuffer(b64decode(told.jpeg), np.uint8), cv2.IMREAD_COLOR) is not None
