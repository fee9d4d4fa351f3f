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
