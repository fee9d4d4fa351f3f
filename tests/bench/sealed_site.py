"""Every file of a site with 1,000 visitors: none names one of them, or is for others to read.

python -m tests.bench.sealed_site [--visitors 1000]

Hub, outboxes of gate and tablet, logs, settings and a backup; the demo's pictures are looked at by
``tests/flow/test_sealed_site.py``.
"""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from gate import own_file as gate_file
from kiosk import own_files as kiosk_files
from shared.edge_outbox import EdgeOutbox
from shared.mending import Shape
from shared.messages import Message, Registration
from shared.own_file import open_own
from shared.private_files import all_in, private, too_wide
from shared.sealed_file import connect, data_key_of
from shared.sealing import seal
from tests.broker.backup.office import Office, set_up_office
from tests.fakes import NINE, FakeClock
from tests.samples import NATURAL, arrival

PHONE, PLATE, NAME = "1380000", "浙A70", "诸葛"
"""How all phones, plates and names of the visitors begin."""
FORMS = ("utf-8", "utf-16-le", "gb18030")
BY_PEOPLE = ("site.toml",)
"""Who works here, as the manager wrote it."""


def come_in(hub: Hub, number: int) -> Iterator[Message]:
    """A car comes, its driver checks in, a consultant enters them; the messages of it."""
    assert isinstance(hub.clock, FakeClock)
    hub.clock.moment = at = NINE + timedelta(seconds=20 * number)
    plate, phone = f"{PLATE}{number:03}", f"{PHONE}{number:04}"
    car = arrival(plate, number, seen_at=at)
    visitor = replace(
        NATURAL,
        check_in_id=f"c-{number}",
        seq=number,
        checked_in_at=at,
        consented_at=at,
        phone=phone,
        plate=plate,
        surname=f"{NAME}{chr(0x4E00 + number)}",
    )
    entry = Registration(
        registration_id=f"r-{number}",
        staff_id="li",
        registered_at=at,
        phone=phone,
        plates=(plate,),
        surname=visitor.surname,
    )
    for message in (car, visitor, entry):
        handle(hub, message)
        yield message


@contextmanager
def outbox(folder: Path, name: str, shape: Shape) -> Iterator[EdgeOutbox]:
    """The sealed outbox of a program in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with private(folder):
        seal(folder, data_key_of(folder.parent.parent / "config" / f"{folder.name}.toml"))
        db = open_own(folder / name, shape, NINE).db
        yield EdgeOutbox(db)
        db.conn.close()


def a_day(office: Office, visitors: int) -> None:
    """So many visitors at the hub; the edges keep what they sent, half of it confirmed."""
    state = office.place.hub.parent
    with (
        private(office.place.hub),
        outbox(state / "gate", "gate.sqlite3", gate_file.FILE_SHAPE) as gate,
        outbox(state / "kiosk", "outbox.db", kiosk_files.OUTBOX_SHAPE) as kiosk,
    ):
        seal(office.place.hub, data_key_of(office.toml))
        with office.at_work() as hub:
            for number in range(visitors):
                car, visitor, _ = come_in(hub, number)
                gate.put(car)
                kiosk.put(visitor)
                if number % 2:
                    gate.confirm([f"a-{number}"], NINE)
                    kiosk.confirm([f"c-{number}"], NINE)
            told_in(state)


def told_in(folder: Path) -> None:
    """Say which files, or their names, hold a phone, plate or name.

    Raises:
        AssertionError: some do, or somebody else may read one.
    """
    words = [PHONE.encode(), *(word.encode(form) for word in (PLATE, NAME) for form in FORMS)]
    words += [word.encode("unicode_escape") for word in (PLATE, NAME)]
    files = [path for path in all_in(folder) if path.is_file() and path.name not in BY_PEOPLE]
    told = [
        str(path)
        for path in files
        if any(word in path.read_bytes() + path.name.encode() for word in words)
    ]
    assert not told, told
    wide = [str(path) for path in too_wide(all_in(folder)) if path != folder]
    assert not wide, wide
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files):,} bytes: nobody named")


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=1_000)
    asked = parser.parse_args(words)
    before = os.umask(0o022)
    try:
        with tempfile.TemporaryDirectory(prefix="yingbin-sealed-") as folder:
            look_at(Path(folder), asked.visitors)
    finally:
        os.umask(before)
    return 0


def look_at(folder: Path, visitors: int) -> None:
    """Let them come to a site in ``folder``, and search its files while it works and afterwards."""
    office = set_up_office(folder)
    for made in (office.backups, office.place.config):  # as their owner would keep them
        made.chmod(0o700)
    office.place.hub.mkdir(parents=True, mode=0o700)
    office.place.hub.parent.chmod(0o700)
    log = logging.FileHandler(folder / "state" / "log")
    (folder / "state" / "log").chmod(0o600)
    logging.getLogger().addHandler(log)
    try:
        a_day(office, visitors)
        office.backup()
    finally:
        logging.getLogger().removeHandler(log)
        log.close()
    with closing(connect(office.file, "ro")) as db:
        (phones,) = db.execute("select count(distinct phone) from registrations").fetchone()
        assert phones >= visitors, "the hub itself must know them"
    told_in(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
