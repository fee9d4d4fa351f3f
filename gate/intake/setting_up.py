"""What to set in a vendor's own menu, step by step and as a drawing. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from gate.intake.menu_drawing import drawn, menu_of


@dataclass(frozen=True, slots=True)
class SettingUp:
    """How cameras of ``source`` find a gate that listens at ``host`` and ``port``."""

    source: str
    host: str
    port: int
    token: str
    say: Callable[..., str]

    def steps(self) -> list[str]:
        """What to do, one after the other."""
        return self._said("setting_up").splitlines()

    def drawing(self) -> bytes:
        """The vendor's menu with what belongs into each field (SVG)."""
        title = self.say("setting_up.title", name=self.say(f"vendor.{self.source}"))
        return drawn(menu_of(self._said("menu")), title)

    def _said(self, group: str) -> str:
        path = f"/in/{self.source}" + (f"/{self.token}" if self.token else "")
        address = f"http://{self.host}:{self.port}{path}"
        where = {"host": self.host, "port": self.port, "path": path, "address": address}
        return self.say(f"{group}.{self.source}", **where)
