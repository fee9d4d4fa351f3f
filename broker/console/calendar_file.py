"""A calendar file (iCalendar, RFC 5545): lines of at most 75 bytes, texts escaped. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""In bytes, without the line's end; what is longer goes on in the next line, behind a space."""
_CONTROLS = dict.fromkeys(map(chr, range(32)), "")
_ESCAPED = str.maketrans(_CONTROLS | {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something on a day, or from one moment to another."""

    name: str
    """Tells it from all others, at every reading."""
    text: str
    starts: date | datetime
    ends: datetime | None = None
    reminds: timedelta | None = None
    """So long before it whoever has it in their calendar is reminded; None: they are not."""


def calendar_text(title: str, site: str, entries: Iterable[CalendarEntry], now: datetime) -> str:
    """The file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//yingbin//calendar//ZH",
        f"X-WR-CALNAME:{_escaped(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for entry in entries:
        lines += ["BEGIN:VEVENT", f"UID:{_escaped(entry.name)}@{site}", f"DTSTAMP:{_utc(now)}"]
        lines += [*_span(entry), f"SUMMARY:{_escaped(entry.text)}", *_alarm(entry), "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _alarm(entry: CalendarEntry) -> tuple[str, ...]:
    if entry.reminds is None:
        return ()
    before = f"TRIGGER:-PT{entry.reminds // timedelta(minutes=1)}M"
    said = f"DESCRIPTION:{_escaped(entry.text)}"
    return "BEGIN:VALARM", "ACTION:DISPLAY", before, said, "END:VALARM"


def _span(entry: CalendarEntry) -> tuple[str, ...]:
    if isinstance(entry.starts, datetime):
        ends = entry.ends or entry.starts
        return f"DTSTART:{_utc(entry.starts)}", f"DTEND:{_utc(ends)}"
    following = entry.starts + timedelta(days=1)
    day, after = (f"{on:%Y%m%d}" for on in (entry.starts, following))
    return f"DTSTART;VALUE=DATE:{day}", f"DTEND;VALUE=DATE:{after}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """The line in parts of which none is too long, and no character is divided."""
    part = ""
    for char in line:
        if len((part + char).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += char
    yield part
