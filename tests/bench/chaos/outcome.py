"""What came of rounds, and the table of it."""

from dataclasses import dataclass, field
from statistics import median

from tests.bench.chaos.faults import Fault
from tests.bench.table import table


@dataclass(slots=True)
class Outcome:
    """What came of a round."""

    fault: Fault
    seed: int
    states: int = 0
    wrong: list[str] = field(default_factory=list)
    restarts_ms: list[float] = field(default_factory=list)
    told_losses: int = 0
    """Messages that a damaged file cost, and somebody was told that some may lack."""
    is_real: bool = False
    """Whether the hub and the MQTT server were processes of their own."""


def as_text(outcomes: list[Outcome]) -> str:
    """A row for each fault, inside a process and with real ones."""
    found: dict[str, list[Outcome]] = {}
    for is_real in (False, True):
        for fault in Fault:
            name = f"{fault}, real processes" if is_real else str(fault)
            found[name] = [
                each for each in outcomes if each.fault is fault and each.is_real == is_real
            ]
    head = ("fault", "rounds", "moments", "violations", "lacks, and told", "restart, median")
    return table(head, [_row(name, some) for name, some in found.items() if some])


def _row(name: str, outcomes: list[Outcome]) -> tuple[str, ...]:
    restarts = [ms for outcome in outcomes for ms in outcome.restarts_ms]
    return (
        name,
        str(len(outcomes)),
        str(sum(outcome.states for outcome in outcomes)),
        str(sum(len(outcome.wrong) for outcome in outcomes)),
        str(sum(outcome.told_losses for outcome in outcomes)),
        f"{median(restarts):.0f} ms" if restarts else "",
    )
