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
    order = sorted(measured, key=lambda reader: [o.peer for o in measured].index(reader.peer))
    rows = [_row(reader) for reader in order if reader.outcomes]
    problems = [
        f"{reader.peer.name}, {reader.threads} threads: {reader.problem}" for reader in order
    ]
    kept = [line for line, reader in zip(problems, order, strict=True) if reader.problem]
    return "\n".join([table(_HEAD, rows), *kept])


def figures(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {
            "reader": reader.peer.name,
            "threads": reader.threads,
            "problem": reader.problem or None,
            "failed": reader.failed,
            "peak_mb": round(reader.peak_mb),
            "install_mb": round(size_mb(reader.peer)),
            **(asdict(score(reader.outcomes)) if reader.outcomes else {}),
        }
        for reader in measured
    ]


def _row(reader: Measured) -> tuple[str, ...]:
    found = score(reader.outcomes)
    return (
        reader.peer.name,
        f"{found.exact:.1%}",
        f"{found.among:.1%}",
        f"{found.without_province:.1%}",
        f"{found.per_character:.1%}",
        f"{found.false:.2f}",
        str(reader.failed),
        str(reader.threads),
        f"{found.median_ms:.1f}",
        f"{found.p95_ms:.1f}",
        f"{reader.peak_mb:.0f}",
        f"{size_mb(reader.peer):.0f}",
        reader.peer.licence,
    )
