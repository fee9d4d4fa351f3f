"""``yingbin read``: plates from photos, folders and videos, as a table or as JSON lines."""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gate.camera.frame import Frame, Image
from gate.camera.picture import is_video, read_picture
from gate.camera.recordings import files_in, video_images
from gate.passing.vote import PlateVote, VotedPlate, VoteRules
from gate.read_report import FileRead, FileUnread, PlateFound, VehicleFound, as_json, as_rows
from gate.reader.readers import open_engine
from gate.reader.reading import Engine, PlateReading
from shared.errors import OperatorError

VIDEO_EVERY_S = 0.2
"""A video is read five times a second, as at the gate."""
Size = tuple[int, int]
Look = Callable[[Image], list[PlateReading]]
_FIRST_FRAME_AT = datetime(2000, 1, 1, tzinfo=UTC)
_HELP = """\
Each photo gives its plates, best first. A video gives one entry for each vehicle that passed,
with the second it was read (seen_at_s), from how many frames (reads), whether these agreed
(is_uncertain), and which way it went (direction, has_moved). Exit status: 0 all was read, 1 some
file could not be, 2 wrong usage.
"""


def main(argv: list[str], engine: Engine | None = None) -> int:
    """Read the files that ``argv`` names; 1 when some could not be read, 2 for wrong usage."""
    asked = _parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        reader = engine or open_engine(asked.engine)
    except OperatorError as error:
        sys.stderr.write(f"yingbin read: {error}\n")
        return 2
    try:
        return _read_all(asked, reader)
    except BrokenPipeError:  # `yingbin read … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yingbin read",
        description="Reads plates from photos, folders and videos (识别车牌).",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")
    parser.add_argument("--crop", action="store_true", help="each picture is one plate, cut out")
    parser.add_argument("--engine", default="yingbin", metavar="NAME", help="what reads the plates")
    return parser


def _read_all(asked: argparse.Namespace, engine: Engine) -> int:
    has_failed = False
    for path, problem in _each(asked.paths):
        _show_progress(f"{path} …")
        found = _unread(path, problem) if problem else _read_file(path, engine, asked.crop)
        _show_progress("")
        has_failed = has_failed or isinstance(found, FileUnread)
        if asked.json:
            sys.stdout.write(as_json(found))
        elif isinstance(found, FileUnread):
            sys.stderr.write(f"{found.error}\n")
        else:
            sys.stdout.write(as_rows(found))
        sys.stdout.flush()
    return 1 if has_failed else 0


def _each(paths: list[Path]) -> Iterator[tuple[Path, str | None]]:
    """Each file that ``paths`` name or hold; a path without any comes with the reason."""
    for path in paths:
        try:
            yield from ((file, None) for file in files_in(path))
        except OperatorError as error:
            yield path, str(error)


def _read_file(path: Path, engine: Engine, is_crop: bool) -> FileRead | FileUnread:
    started_s = time.perf_counter()

    def look(image: Image) -> list[PlateReading]:
        if not is_crop:
            return engine.read(image)
        reading = engine.read_crop(image)
        return [reading] if reading else []

    try:
        (width_px, height_px), plates = (_video if is_video(path) else _photo)(path, look)
    except OperatorError as error:
        return _unread(path, str(error))
    took_ms = round((time.perf_counter() - started_s) * 1000, 1)
    return FileRead(_plain(str(path)), width_px, height_px, took_ms, tuple(plates))


def _unread(path: Path, problem: str) -> FileUnread:
    return FileUnread(_plain(str(path)), _plain(problem))


def _photo(path: Path, look: Look) -> tuple[Size, list[PlateFound]]:
    image = read_picture(path)
    return _size_px(image), [PlateFound.from_reading(reading) for reading in look(image)]


def _video(path: Path, look: Look) -> tuple[Size, list[PlateFound]]:
    vote = PlateVote(VoteRules(tells_parked=True))
    voted: list[VotedPlate] = []
    size_px = (0, 0)
    for second, image in video_images(path, VIDEO_EVERY_S):
        size_px = _size_px(image)
        taken_at = _FIRST_FRAME_AT + timedelta(seconds=second)
        voted += vote.add(Frame(image, taken_at, path.name), look(image))
        _show_progress(f"{path} {second:.0f} s …")
    voted += vote.finish()
    best_first = sorted(voted, key=lambda plate: -plate.sighting.certainty)
    return size_px, [VehicleFound.from_vote(plate, _FIRST_FRAME_AT) for plate in best_first]


def _size_px(image: Image) -> Size:
    return image.shape[1], image.shape[0]


def _plain(text: str) -> str:
    """``text`` in a printable form: a file name need not be valid UTF-8."""
    return os.fsencode(text).decode(errors="replace")


def _show_progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text[:100]}")
        sys.stderr.flush()
