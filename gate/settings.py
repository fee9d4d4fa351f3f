"""The gate's settings: ``gate.toml``. ``gate.example.toml`` explains every key."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gate.camera.settings import CameraSettings, Name, PositiveSeconds
from gate.passing.track import Way
from gate.passing.vote import VoteRules
from shared.config import MqttSettings, Settings, TlsSettings
from shared.messages import NodeId, Ratio

LOG_BYTES_A_DAY = 5_000_000
"""A day of 3,600 cars is 3.5 MB."""


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
        """These settings as the rules of the vote."""
        return VoteRules(**msgspec.structs.asdict(self))


class NightSettings(Settings, frozen=True, kw_only=True):
    """What the vote asks for at night: ``[night]``."""

    darker_than: Annotated[float, Meta(ge=0, le=190)] = 0.0
    """At most 190: day needs 1.3 times as much, and brightness ends at 255."""
    min_reads: Annotated[int, Meta(ge=1)] = 2
    sure_confidence: Ratio = 0.90

    def rules(self, by_day: VoteRules) -> VoteRules:
        """The rules ``by_day`` with the night's changes."""
        return replace(by_day, min_reads=self.min_reads, sure_confidence=self.sure_confidence)


class ShadowSettings(CameraSettings, frozen=True, kw_only=True):
    """Our own reader beside a vendor's cameras: ``[shadow]``, with the keys of ``[camera]``."""

    source: str = ""
    """Empty: it does not read here."""
    leads: Literal["camera", "reader"] = "camera"
    """Whose word reaches the hub."""
    compared_days: Annotated[int, Meta(ge=1, le=400)] = 62
    """How long what both told is kept; its pictures as long as ``kept_days``."""


class PageSettings(TlsSettings, frozen=True, kw_only=True):
    """The technician's page: ``[page]``."""

    pin: Annotated[str, Meta(pattern=r"^(\d{4,12})?$")] = ""
    """Empty: no page."""
    listen_host: Name = "127.0.0.1"
    listen_port: Annotated[int, Meta(ge=1, le=65535)] = 8090
    tls_port: Annotated[int, Meta(ge=1, le=65535)] = 8445


class GateSettings(Settings, frozen=True, kw_only=True):
    """One gate (门岗)."""

    site: NodeId
    gate_id: NodeId
    data_dir: Name
    language: Literal["zh-CN", "en", "zh-TW"] = "zh-CN"
    engine: Name = "yingbin"
    weights: str = ""
    """Empty: those that come with the product."""
    images_days: Annotated[int, Meta(ge=1)] = 7
    trace_count: Annotated[int, Meta(ge=0, le=10_000)] = 200
    camera: CameraSettings
    shadow: ShadowSettings = msgspec.field(default_factory=ShadowSettings)
    vote: VoteSettings = msgspec.field(default_factory=VoteSettings)
    night: NightSettings = msgspec.field(default_factory=NightSettings)
    page: PageSettings = msgspec.field(default_factory=PageSettings)
    mqtt: MqttSettings

    @property
    def database_path(self) -> Path:
        """The file with the outbox and the counter, which must not be lost."""
        return Path(self.data_dir, "gate.sqlite3")

    @property
    def weights_path(self) -> Path | None:
        """The file of the site's own weights."""
        return Path(self.weights) if self.weights else None

    @property
    def images_path(self) -> Path:
        """The folder of the frames that were read."""
        return Path(self.data_dir, "images")

    @property
    def trace_path(self) -> Path:
        """The folder of what was not reported, and why."""
        return Path(self.data_dir, "trace")

    @property
    def areas_path(self) -> Path:
        """The file with the areas that a technician drew."""
        return Path(self.data_dir, "areas.json")
