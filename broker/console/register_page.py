"""The pages of the registers (登记本): chosen, searched, turned over, printed."""

from datetime import date, timedelta
from io import BytesIO

from flask import Blueprint, Response, abort, render_template, request, send_file, stream_template

from broker.console.guard import me
from broker.console.parts import parts
from broker.console.register_view import (
    FIRST_DAY,
    LAST_DAY,
    PagePlace,
    RowsWanted,
    SheetAsked,
    SheetHead,
)
from broker.console.words import language
from broker.rules.state import MANAGER

registers = Blueprint("registers", __name__)

DAYS_AT_MOST = 366
"""A longer range is for ``yingbin export``."""
LONGEST_TEXT = 40
SKIPPED_AT_MOST = 100_000


@registers.get("/registers")
def offered() -> str:
    """The registers that this person may open."""
    found = parts().site.archive.registers(me(), language())
    return render_template("registers.html", registers=found, is_manager=_is_manager())


@registers.get("/registers/<name>")
def one(name: str) -> str:
    """A page of a register."""
    asked = _asked(name)
    found = parts().site.archive.register(asked, me(), language())
    if found is None:
        abort(403)
    return render_template(
        "register.html",
        asked=asked,
        sheet=found.head,
        rows=found.rows,
        next=found.next,
        is_of_report=_is_of_report(asked.wanted, found.head),
        consultants=[who for who in parts().site.people() if "consultant" in who.roles],
        is_manager=_is_manager(),
        address=_address(asked),
        back="/" if _is_manager() else "/handheld",
    )


@registers.get("/registers/<name>/print")
def printed(name: str) -> Response:
    """All rows, to be printed; they are sent while they are read."""
    asked = _asked(name)
    found = parts().site.archive.register_rows(asked, me(), language())
    if found is None:
        abort(403)
    sheet, rows = found
    text = stream_template(
        "register_print.html",
        asked=asked,
        sheet=sheet,
        rows=rows,
        address=_address(asked),
        at=parts().clock(),
        who=me().name,
    )
    return Response(text, mimetype="text/html")


@registers.get("/registers/<name>/file")
def written(name: str) -> Response:
    """All rows, as an Excel file."""
    asked = _asked(name)
    file = parts().site.archive.register_file(asked, me(), language())
    if file is None:
        abort(403)
    days = map(str, sorted({asked.first, asked.last}))
    called = f"{'_'.join([name, *days])}.xlsx"
    return send_file(BytesIO(file), as_attachment=True, download_name=called)


def range_of(today: date) -> tuple[date, date]:
    """The days that the address names; today, if it names none that make sense."""
    last = day_asked("to") or day_asked("from") or today
    first = day_asked("from") or last
    return max(min(first, last), last - timedelta(days=DAYS_AT_MOST - 1)), last


def _asked(name: str) -> SheetAsked:
    given = request.args
    today = parts().clock().astimezone(parts().site.zone).date()
    first, last = range_of(today)
    begins = day_asked("at")
    return SheetAsked(
        name=name,
        first=first,
        last=last,
        wanted=RowsWanted(
            text=(given.get("q") or "").strip()[:LONGEST_TEXT] or None,
            staff_id=given.get("who") or None,
            kind=given.get("only") or None,
            host_id=given.get("host") or None,
        ),
        begins=PagePlace(begins, _skipped()) if begins and first <= begins <= last else None,
    )


def _is_of_report(wanted: RowsWanted, head: SheetHead) -> bool:
    """Whether they are the rows of a report's number, which the fields of the page do not name."""
    return bool(wanted.host_id or (wanted.kind and wanted.kind not in dict(head.kinds)))


def _skipped() -> int:
    return max(0, min(request.args.get("skip", 0, type=int), SKIPPED_AT_MOST))


def _address(asked: SheetAsked) -> dict[str, str | None]:
    """What an address says of the rows that are shown."""
    wanted = asked.wanted
    return {
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "q": wanted.text,
        "who": wanted.staff_id,
        "only": wanted.kind,
        "host": wanted.host_id,
    }


def day_asked(name: str) -> date | None:
    """The day of a field; None: nothing that is a day of these times."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _is_manager() -> bool:
    return MANAGER in me().roles
