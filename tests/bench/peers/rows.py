"""The measured figures, as rows of the table and as data."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.bench.peers.environment import size_mb
from tests.bench.peers.measure import Measured
from tests.bench.scores import score
from tests.bench.table import table

_HEAD = (
    "reader",
    "exact",
    "among",
    "no prov.",
    "per char.",
    "false each",
    "failed",
    "threads",
    "median ms",
    "p95 ms",
    "peak MB",
    "install MB",
    "licence",
)


def as_table(measured: Sequence[Measured]) -> str:
    """A row for each reader and number of threads; a reader that cannot run says why below."""
    order = sorted(measured, key=lambda one: [o.peer for o in measured].index(one.peer))
    rows = [_row(one) for one in order if one.outcomes]
    problems = [f"{one.peer.name}, {one.threads} threads: {one.problem}" for one in order]
    kept = [line for line, one in zip(problems, order, strict=True) if one.problem]
    return "\n".join([table(_HEAD, rows), *kept])


def figures(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {
            "reader": one.peer.name,
            "threads": one.threads,
            "problem": one.problem or None,
            "failed": one.failed,
            "peak_mb": round(one.peak_mb),
            "install_mb": round(size_mb(one.peer)),
            **(asdict(score(one.outcomes)) if one.outcomes else {}),
        }
        for one in measured
    ]


def _row(one: Measured) -> tuple[str, ...]:
    found = score(one.outcomes)
    return (
        one.peer.name,
        f"{found.exact:.1%}",
        f"{found.among:.1%}",
        f"{found.without_province:.1%}",
        f"{found.per_character:.1%}",
        f"{found.false:.2f}",
        str(one.failed),
        str(one.threads),
        f"{found.median_ms:.1f}",
        f"{found.p95_ms:.1f}",
        f"{one.peak_mb:.0f}",
        f"{size_mb(one.peer):.0f}",
        one.peer.licence,
    )
