"""Each message's golden sample, and values for its fields that no program of ours would send."""

import json
from pathlib import Path
from typing import Any

from shared import schema
from shared.messages import ReportKind
from shared.schema.__main__ import message_types

FOLDER = Path(schema.__file__).parent
SAMPLES: dict[str, dict[str, Any]] = {
    kind.__name__: json.loads((FOLDER / f"{kind.__name__}.sample.json").read_bytes())
    for kind in message_types()
}
A_VISIT, AN_ALERT, A_CAR = "@visit", "@alert", "@car"
"""Stand for the id of something that is there."""
LONG = ("字" * 500, "\0" * 500, "𠮷" * 500, "\u202e\u200b\n" * 100, "{count}" * 60, "9" * 64)
TEXTS = (
    *("", " ", "x", "li", "wang", "chen", "bar", "女士", "字" * 16, "x" * 501, "a/b", "+", "#"),
    *("浙A88888", "浙A12345", "13800138000", "13800000001", A_VISIT, AN_ALERT, A_CAR),
    *(kind.value for kind in ReportKind),
)
MOMENTS = (
    *("2026-11-23T09:00:00+08:00", "2026-11-23T01:00:30Z", "2026-11-23T23:59:59-23:59"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2199-12-31T23:59:59Z"),
    *("2000-01-01T00:00:00+14:00", "2026-11-23T09:00:00", "2026-11-23T24:00:00Z"),
)
LISTS: tuple[list[object], ...] = (
    [],
    ["umbrella"] * 20,
    ["字" * 500] * 20,
    [f"浙C{number:05d}" for number in range(20)],
    [f"浙C{number:05d}" for number in range(80)],
    ["li", "li", "wang", "nobody"],
    [0.5] * 21,
)
NUMBERS = (0, 1, -1, 99, 100, 2**53 - 1, 2**53, 2**63, 2**64, 10**40, 0.5, 1.0000001, 1e308)
WORDS = (True, False, None)
ANY = (*LONG, *TEXTS, *MOMENTS, *NUMBERS, *LISTS, *WORDS)


def fitting(name: str, usual: object) -> tuple[object, ...]:
    """Other values for this field, of its kind, so that many are taken."""
    if name.endswith("_at"):
        return MOMENTS
    if isinstance(usual, bool):
        return WORDS
    for kind, values in ((list, LISTS), (int | float, NUMBERS), (str, LONG)):
        if isinstance(usual, kind):
            return values
    return LONG
