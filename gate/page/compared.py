"""The page on which a vendor's cameras and our own reader are compared, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from gate.page.parts import intake_parts
from gate.shadow.comparison import Comparison
from gate.shadow.pairs import NEAR_S, SAME_S, Pair, Pass, Verdict, days, pairs, total
from gate.vendors.read import CHINA

compared = Blueprint("compared", __name__)
TAB = ("compared.month", "page.compared")
PAIRS_SHOWN = 200
_REACH = timedelta(seconds=max(SAME_S, NEAR_S))


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the site's."""

    first: date

    @property
    def next(self) -> "Month":
        """The one after it."""
        return Month((self.first + timedelta(days=32)).replace(day=1))

    @property
    def previous(self) -> "Month":
        """The one before it."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def name(self) -> str:
        """It as addresses have it, ``2026-11``."""
        return f"{self.first:%Y-%m}"

    @property
    def begins_at(self) -> datetime:
        """Its first moment."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=CHINA)


@compared.get("/compared")
@compared.get("/compared/<name>")
def month(name: str = "") -> str:
    """Agreement for each day of the month, and each car on which the two do not agree."""
    asked = _month(name)
    found = _of_month(_comparison(), asked)
    by_day = days(found, lambda moment: moment.astimezone(CHINA).date())
    apart = [pair for pair in found if pair.verdict is not Verdict.SAME]
    return render_template(
        "compared.html",
        month=asked,
        days=by_day,
        total=total(by_day.values()),
        verdicts=list(Verdict),
        apart=apart[::-1][:PAIRS_SHOWN],
        more=max(0, len(apart) - PAIRS_SHOWN),
        marked=marked,
        zone=CHINA,
    )


@compared.get("/compared/picture/<name>.jpg")
def picture(name: str) -> Response:
    """The plate as our reader saw it, or what its camera showed when the other told of a car."""
    found = _comparison().picture(name)
    if found is None:
        abort(404)
    return Response(found, mimetype="image/jpeg")


def marked(one: Pass | None, other: Pass | None) -> Iterator[tuple[str, bool]]:
    """The plate of ``one`` in pieces, and of each whether the other has it differently."""
    if one is None:
        return
    there = other.plate if other else one.plate
    for kind, start, end, _, _ in SequenceMatcher(a=one.plate, b=there).get_opcodes():
        if end > start:
            yield one.plate[start:end], kind != "equal"


def _comparison() -> Comparison:
    comparison = intake_parts().comparison
    if comparison is None:
        abort(404)
    return comparison


def _month(name: str) -> Month:
    now = intake_parts().spool.clock().astimezone(CHINA).date()
    try:
        first = datetime.strptime(name, "%Y-%m").replace(tzinfo=UTC).date() if name else now
    except ValueError:
        abort(404)
    return Month(first.replace(day=1))


def _of_month(comparison: Comparison, month: Month) -> list[Pair]:
    """Its cars; whoever came around midnight of its first or last day belongs to one month only."""
    start, end = month.begins_at, month.next.begins_at
    found = pairs(comparison.between(start - _REACH, end + _REACH))
    return [pair for pair in found if start <= pair.seen_at < end]
