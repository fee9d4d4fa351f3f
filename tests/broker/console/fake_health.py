"""A site's health for the pages' tests: a gate, two phones, and what the checks say of them."""

from dataclasses import dataclass, field
from datetime import timedelta

from broker.console.health_view import CheckLine, HeadLine, HealthView, Remedy
from broker.health.site_figures import (
    CameraFigures,
    Condition,
    Delay,
    Figures,
    HeadFigures,
    NodeFigures,
)
from shared.errors import OperatorError
from shared.messages import DiskFigures, NodeKind
from tests.broker.console.fake_site import NINE

HINT = Remedy(Condition.HINT, "摄像头要擦", "擦镜头")
WRONG = Remedy(Condition.WRONG, "李敏的手机离线", "打开手机页面")
UNKNOWN = Remedy(Condition.UNKNOWN, "卡不报告磨损", "每两年换一次")
HEAD = "yingbin-head xihu 2026-11-23 1 417 " + "ab" * 32 + " " + "A" * 86 + "=="


def node(kind: NodeKind, node_id: str, **told: object) -> NodeFigures:
    values = {"name": node_id, "is_online": True, "seen_at": NINE, "version": "0.5.0", **told}
    return NodeFigures(kind=kind, node_id=node_id, **values)  # type: ignore[arg-type]


def figures() -> Figures:
    """An ordinary morning, but for 李敏's phone."""
    disk = DiskFigures(free_mb=2_000, total_mb=8_000, written_mb_a_day=40, wear=0.3)
    return Figures(
        at=NINE,
        version="0.5.0",
        up_s=1234567.5,
        is_open=True,
        nodes=(
            node(NodeKind.GATE, "north", waiting=2),
            node(NodeKind.KIOSK, "lobby"),
            node(NodeKind.STAFF, "li", name="李敏", is_online=False, is_missed=True),
            node(NodeKind.STAFF, "zhao", name="赵磊", battery=0.4, round_trip_ms=30),
        ),
        cameras=(
            CameraFigures(
                gate_id="north", read=9, uncertain=1, unread=1, votes=4.5, slots=(0, 1) * 6
            ),
        ),
        delay=Delay(count=9, p50_ms=80, p95_ms=1_300),
        disk=disk,
        round_trip_ms=7,
        backup_at=NINE - timedelta(hours=3),
        head=HeadFigures(on="2026-11-23", left=("mail",), failed={}, ways=("mail",)),
    )


@dataclass
class FakeHealth:
    """See Health."""

    checks: tuple[CheckLine, ...] = (
        CheckLine("cameras", "摄像头", Condition.HINT, (HINT,)),
        CheckLine("phones", "手机", Condition.WRONG, (WRONG,), NINE),
        CheckLine("wear", "磨损", Condition.UNKNOWN, (UNKNOWN,)),
        CheckLine("disk", "磁盘", Condition.FINE),
    )
    measured: Figures = field(default_factory=figures)
    signed: HeadLine | None = field(default_factory=lambda: HeadLine("2026-11-23", 417, HEAD))
    trouble: OperatorError | None = None
    asked_in: list[str] = field(default_factory=list)

    def view(self, language: str) -> HealthView:
        """See Health."""
        self.asked_in.append(language)
        return HealthView(self.checks, self.measured)

    def figures(self) -> Figures:
        """See Health."""
        return self.measured

    def head(self) -> HeadLine | None:
        """See Health."""
        if self.trouble is not None:
            raise self.trouble
        return self.signed

    def public_key(self) -> str:
        """See Health."""
        return "P" * 43 + "="
