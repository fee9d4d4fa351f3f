"""What was found, as tables, and what of it is wrong."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import table
from tests.bench.vendor_cameras.hour import MAKERS
from tests.bench.vendor_cameras.pace import Pace, measure
from tests.bench.vendor_cameras.played import play
from tests.bench.vendor_cameras.spoil import endure
from tests.flow.gate_process import free_port
from tests.servers import wait_for_port

P95_MS, MEMORY_MB = 300.0, 200.0


def spoilt(bodies: int, seed: int) -> list[str]:
    """Post so many spoilt bodies in all; what was wrong."""
    each = bodies // len(MAKERS) + 1
    wrong = [line for source in MAKERS for line in endure(source, each, seed)]
    print(f"{each * len(MAKERS)} spoilt bodies, {len(wrong)} not kept or not answered")
    return wrong


def played_hours(cars: int, deaths: int, seed: int) -> list[str]:
    """Play an hour of each vendor's cameras; what was wrong."""
    rows, wrong = [], list[str]()
    for source in MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            played = play(Path(folder), source, cars, deaths, seed)
        rows.append(
            [source, str(cars), str(played.posts), str(played.deaths), str(len(played.wrong))]
        )
        wrong += [f"{source}: {line}" for line in played.wrong]
    print(table(["vendor", "cars", "posts answered", "deaths", "wrong"], rows))
    return wrong


def paced(seconds: float) -> list[str]:
    """Measure twenty cameras for so long; which bounds are missed."""
    with tempfile.TemporaryDirectory() as folder, _mosquitto(Path(folder)) as port:
        pace = measure(Path(folder), port, cameras=20, each_s=0.2, seconds=seconds)
    took, answered = pace.took_ms(pace.alerted_s), sorted(pace.answered_ms)
    print(
        table(
            ["20 cameras, 5 reads a second", "median", "p95", "worst"],
            [
                ["answered ms", *_figures(answered)],
                ["published ms", *_figures(pace.took_ms(pace.published_s))],
                ["an alert ms", *_figures(took)],
            ],
        )
    )
    print(f"{len(took)} cars, {pace.lost} lost, {pace.memory_mb:.0f} MB at most")
    return _missed(pace)


def _missed(pace: Pace) -> list[str]:
    missed = [f"{pace.lost} cars were no alert"] if pace.lost else []
    if (late := _share(pace.took_ms(pace.alerted_s), 0.95)) > P95_MS:
        missed.append(f"an alert after {late:.0f} ms, not {P95_MS:.0f}")
    if pace.memory_mb > MEMORY_MB:
        missed.append(f"{pace.memory_mb:.0f} MB, not {MEMORY_MB:.0f}")
    return missed


def _figures(ordered: list[float]) -> list[str]:
    return [f"{_share(ordered, part):.0f}" for part in (0.5, 0.95, 1.0)]


def _share(ordered: list[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


@contextmanager
def _mosquitto(folder: Path) -> Iterator[int]:
    port, config = free_port(), folder / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
    command = [os.environ.get("MOSQUITTO", "/usr/sbin/mosquitto"), "-c", str(config)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        wait_for_port(port)
        try:
            yield port
        finally:
            server.terminate()
