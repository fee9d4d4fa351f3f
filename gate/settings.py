"""The gate's settings: ``gate.toml``. ``gate.example.toml`` explains every key."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from gate.track import Way
from gate.vote import VoteRules
from shared.config import MqttSettings, Settings
from shared.messages import NodeId, Ratio

Name = Annotated[str, Meta(min_length=1)]
PositiveSeconds = Annotated[float, Meta(gt=0)]


class CameraSettings(Settings, frozen=True, kw_only=True):
    """Where the pictures come from: ``[camera]``."""

    source: Name
    frames_per_second: Annotated[float, Meta(gt=0, le=60)] = 5.0
    picture_shown_s: PositiveSeconds = 2.0
    is_repeated: bool = False


class VoteSettings(Settings, frozen=True, kw_only=True):
    """When a car's plate is decided: ``[vote]``."""

    min_reads: Annotated[int, Meta(ge=1)] = 2
    sure_confidence: Ratio = 0.90
    window_s: PositiveSeconds = 4.0
    give_up_s: PositiveSeconds = 8.0
    repeat_after_s: Annotated[float, Meta(ge=0)] = 300.0
    in_is: Way = "towards"
    tells_parked: bool = False

    def rules(self) -> VoteRules:
        """The same, as the vote takes it."""
        return VoteRules(**msgspec.structs.asdict(self))


class GateSettings(Settings, frozen=True, kw_only=True):
    """One gate (门岗)."""

    site: NodeId
    gate_id: NodeId
    data_dir: Name
    engine: Name = "yingbin"
    images_days: Annotated[int, Meta(ge=1)] = 7
    camera: CameraSettings
    vote: VoteSettings = msgspec.field(default_factory=VoteSettings)
    mqtt: MqttSettings

    @property
    def database_path(self) -> Path:
        """What must not be lost: the outbox and the counter."""
        return Path(self.data_dir, "gate.sqlite3")

    @property
    def images_path(self) -> Path:
        """The frames that were read."""
        return Path(self.data_dir, "images")
