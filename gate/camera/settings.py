"""The camera's part of the gate's settings: ``[camera]``."""

from typing import Annotated

from msgspec import Meta

from shared.config import Settings

Name = Annotated[str, Meta(min_length=1)]
PositiveSeconds = Annotated[float, Meta(gt=0)]


class CameraSettings(Settings, frozen=True, kw_only=True):
    """Where the pictures come from: ``[camera]``."""

    source: Name
    width_px: Annotated[int, Meta(ge=160, le=7680)] = 1280
    height_px: Annotated[int, Meta(ge=120, le=4320)] = 720
    frames_per_second: Annotated[float, Meta(gt=0, le=60)] = 5.0
    picture_shown_s: PositiveSeconds = 2.0
    is_repeated: bool = False
    listen: Annotated[str, Meta(pattern=r"^[^\s/]+:\d{1,5}$(?!\n)")] = "0.0.0.0:8092"
    """Where a vendor's cameras post to."""
    allowed: tuple[Name, ...] = ()
    """The addresses or networks that may post; empty: any private one."""
    token: Annotated[str, Meta(pattern=r"^([\w-]{8,64})?$(?!\n)")] = ""
    address: str = ""
    """Of a camera that is asked: host, or host:port."""
    username: str = ""
    password: str = ""
    mqtt_host: Name = "127.0.0.1"
    """The MQTT server on which a vendor's cameras speak."""
    mqtt_port: Annotated[int, Meta(ge=1, le=65535)] = 1883
    mqtt_username: str = ""
    mqtt_password: str = ""
    speaks: bool = False
    """Whether a vendor's camera greets the car by its own voice."""
    shows: bool = False
    """Whether its display does."""
    kept_days: Annotated[int, Meta(ge=1, le=60)] = 7

    @property
    def listens_at(self) -> tuple[str, int]:
        """Host and port of ``listen``."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)
