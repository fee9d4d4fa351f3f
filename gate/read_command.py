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
from shared.command_line import Terminal, terminal_of
from shared.errors import OperatorError
from shared.words import in_language

VIDEO_EVERY_S = 0.2
"""A video is read five times a second, as at the gate."""
Size = tuple[int, int]
Look = Callable[[Image], list[PlateReading]]
_FIRST_FRAME_AT = datetime(2000, 1, 1, tzinfo=UTC)


def main(argv: list[str], engine: Engine | None = None) -> int:
    """Read the files that ``argv`` names; 1 when some could not be read, 2 for wrong usage."""
    terminal, words = terminal_of(argv)
    asked = _parser(terminal).parse_args(words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        reader = engine or open_engine(asked.engine)
    except OperatorError as error:
        terminal.warn(f"yingbin read: {error.sentence.in_language(terminal.language)}")
        return 2
    try:
        return _read_all(asked, reader, terminal)
    except BrokenPipeError:  # `yingbin read … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    say, parser = terminal.say, terminal.parser("yingbin read", "help.read")
    parser.epilog = say("help.read_more")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=say("help.read_paths"))
    parser.add_argument("--json", action="store_true", help=say("help.read_json"))
    parser.add_argument("--crop", action="store_true", help=say("help.read_crop"))
    parser.add_argument("--engine", default="yingbin", metavar="NAME", help=say("help.read_engine"))
    return parser


def _read_all(asked: argparse.Namespace, engine: Engine, terminal: Terminal) -> int:
    has_failed = False
    for path, problem in _each(asked.paths):
        _show_progress(f"{path} …")
        found = FileUnread(str(path), problem) if problem else _read_file(path, engine, asked.crop)
        _show_progress("")
        has_failed = has_failed or isinstance(found, FileUnread)
        if asked.json:
            terminal.tell(_plain(as_json(found)))
        elif isinstance(found, FileUnread):
            terminal.warn(_plain(in_language(found.error, terminal.language)))
        else:
            terminal.tell(_plain(as_rows(found, terminal.language)))
    return 1 if has_failed else 0


def _each(paths: list[Path]) -> Iterator[tuple[Path, str | None]]:
    """Each file that ``paths`` name or hold; a path without any comes with the reason."""
    for path in paths:
        try:
            yield from ((file, None) for file in files_in(path))
        except OperatorError as error:
            yield path, error.sentence


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
        return FileUnread(str(path), error.sentence)
    took_ms = round((time.perf_counter() - started_s) * 1000, 1)
    return FileRead(str(path), width_px, height_px, took_ms, tuple(plates))


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
