"""The pages' ``Imports``: a table is tried and entered by a process of its own, as by command."""

import json
import logging
import secrets
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from broker.console.imports_view import ImportJob, ImportLine
from broker.handlers.context import Hub
from broker.handlers.customer_tables import UNDONE_WITHIN
from broker.importing.table_heads import template
from broker.local.post_box import PostBox
from broker.local.questions import CustomersImported, ImportTakenBack

log = logging.getLogger(__name__)

FOLDER = "imports"
KEPT_JOBS = 5
_ENTERED = "select received_at, body from messages where kind = 'CustomersImported'"
_BACK = "select message_id from messages where kind = 'ImportTakenBack'"


class HubImports:
    """See ``Imports``. Any thread may ask."""

    def __init__(self, hub: Hub, post_box: PostBox, folder: Path) -> None:
        """``folder``: the hub's, in which the tables lie while they are tried."""
        self._hub, self._post_box, self._folder = hub, post_box, folder
        self._jobs: dict[str, ImportJob] = {}
        self._lock = threading.Lock()
        if (folder / FOLDER).exists():
            self._forget_files()

    def bring(self, name: str, content: bytes, language: str) -> str:
        """See Imports."""
        token = secrets.token_urlsafe(12)
        with self._lock:
            for old in list(self._jobs)[: -KEPT_JOBS + 1]:
                del self._jobs[old]
            self._forget_files()
            self._jobs[token] = ImportJob(name)
        file = self._file(token)
        file.touch(mode=0o600)
        file.write_bytes(content)
        self._run(token, ["--dry-run"], language)
        return token

    def job(self, token: str) -> ImportJob | None:
        """See Imports."""
        return self._jobs.get(token)

    def enter(self, token: str, by: str, language: str, *, without_conflicts: bool) -> None:
        """See Imports."""
        with self._lock:
            job = self._jobs[token]
            if not job.may_enter:
                return
            self._jobs[token] = replace(job, is_running=True, is_entering=True)
        more = ["--without-conflicts"] if without_conflicts else []
        self._run(token, ["--by", by, f"--source={job.name}", *more], language)

    def entered(self) -> tuple[ImportLine, ...]:
        """See Imports."""
        names, now = self._hub.people.names(), self._hub.clock()
        with self._hub.disk.reading() as db:
            back = {name for (name,) in db.conn.execute(_BACK)}
            rows = db.conn.execute(f"{_ENTERED} order by received_at desc").fetchall()
        lines = []
        for at, body in rows:
            told = msgspec.json.decode(body, type=CustomersImported)
            moment = datetime.fromisoformat(at)
            is_back = f"{told.import_id}-back" in back
            lines.append(
                ImportLine(
                    import_id=told.import_id,
                    at=moment,
                    source=told.source,
                    count=told.count,
                    by=names.get(told.by or "", told.by),
                    is_taken_back=is_back,
                    may_be_taken_back=not is_back and now - moment <= UNDONE_WITHIN,
                )
            )
        return tuple(lines)

    def take_back(self, import_id: str, by: str) -> None:
        """See Imports."""
        moment = self._hub.clock()
        self._post_box.post(ImportTakenBack(import_id=import_id, asked_at=moment, by=by))

    def template(self, language: str) -> str:
        """See Imports."""
        return template(language)

    def _forget_files(self) -> None:
        """Remove the tables of jobs that are over: they hold customers in plain."""
        folder = self._folder / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in folder.iterdir():
            if path.stem not in self._jobs:
                path.unlink(missing_ok=True)

    def _file(self, token: str) -> Path:
        return self._folder / FOLDER / f"{token}{Path(self._jobs[token].name).suffix.lower()}"

    def _run(self, token: str, more: list[str], language: str) -> None:
        """Have a process of its own do it, so that the hub's loop need not wait."""
        command = [sys.executable, "-m", "yingbin", "--lang", language, "import", "customers"]
        command += [str(self._file(token)), "--data", str(self._folder.parent), "--json", *more]
        thread = threading.Thread(target=self._follow, args=(token, command), daemon=True)
        thread.start()

    def _follow(self, token: str, command: list[str]) -> None:
        started = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        for line in started.stdout or ():
            self._jobs[token] = _after(self._jobs[token], line.strip())
        status = started.wait()
        job = self._jobs[token]
        has_failed = status != 0 and (job.is_entering or job.counts is None)
        self._jobs[token] = replace(job, is_running=False, has_failed=has_failed)
        if job.is_entering:
            self._file(token).unlink(missing_ok=True)


def _after(job: ImportJob, line: str) -> ImportJob:
    """The job after what its process said."""
    try:
        told = json.loads(line)
    except ValueError:
        return replace(job, said=line)
    if not isinstance(told, dict):
        return job
    if "trial" in told:
        return replace(job, counts=told["trial"], lines=told["lines"], shares=told["shares"])
    return replace(job, entered=int(told.get("entered", job.entered)))
