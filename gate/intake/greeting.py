"""Whether the camera itself greets a car: «welcome», or «one moment» where nobody can tell who.

Each car once, and only who comes in just now. No plate and no name is ever said: anybody may stand
beside the car, and nobody was asked.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from gate.camera.settings import CameraSettings
from gate.intake.same_car import SAME_CAR_S, direction_of
from gate.passing.vote import VoteRules
from gate.vendors.read import Understood, VendorRead
from gate.vendors.spoken import SILENCE, Greeting
from shared.messages import Direction
from shared.plate import is_plausible
from shared.words import Voice


@dataclass(slots=True)
class Greeter:
    """Says what a camera's answer greets with; web threads ask."""

    settings: CameraSettings
    rules: VoteRules
    voice: Voice
    clock_s: Callable[[], float]
    _greeted: dict[tuple[str, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def greeting(self, understood: Understood) -> Greeting:
        """For the car of this body; silence for one that leaves, or that was greeted just now."""
        settings = self.settings
        coming = [read for read in understood.reads if self._comes(read)]
        if not (settings.speaks or settings.shows) or not coming:
            return SILENCE
        is_known = any(self._is_sure(read) for read in coming)
        key = "said.greeting" if is_known else "said.one_moment"
        if not self._is_first(coming[0], key):
            return SILENCE
        return Greeting(self.voice.say(key), settings.speaks, settings.shows)

    def _comes(self, read: VendorRead) -> bool:
        is_now = not (read.is_late or read.has_turned_back)
        return is_now and direction_of(read.way, self.rules.in_is) is not Direction.OUT

    def _is_sure(self, read: VendorRead) -> bool:
        is_sure = read.confidence >= self.rules.sure_confidence and not read.is_doubtful
        return is_sure and is_plausible(read.plate)

    def _is_first(self, read: VendorRead, key: str) -> bool:
        """Whether this car was not told so a moment ago; a camera sends again what it sent."""
        moment_s, car = self.clock_s(), (key, f"{read.camera} {read.plate or read.vendor_id}")
        with self._lock:
            near = self._greeted.items()
            self._greeted = {each: at for each, at in near if moment_s - at < SAME_CAR_S}
            is_first = car not in self._greeted
            self._greeted[car] = moment_s
        return is_first
