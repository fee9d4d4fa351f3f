"""Pictures and what truly stands on their plates, as the benches read them from a CSV file."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture: the plate that counts, and ``others`` that may rightly be read too."""

    path: Path
    plate: str
    others: tuple[str, ...] = ()


def labelled_in(folder: Path, labels: Path, limit: int | None = None) -> list[Labelled]:
    """The pictures in ``folder`` that ``labels`` gives a plate, or ``limit`` of them, spread out.

    The CSV has the columns ``file`` (its folder does not group), ``plate``, and maybe
    ``other_plates``, parted by ``|``.
    """
    with labels.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["plate"]]
    every = max(1.0, len(rows) / limit) if limit else 1.0
    chosen = [rows[int(place * every)] for place in range(int(len(rows) / every))]
    return [
        Labelled(
            folder / Path(row["file"]).name,
            row["plate"],
            tuple(filter(None, (row.get("other_plates") or "").split("|"))),
        )
        for row in chosen
    ]
