"""The pages' ``FirstSteps``: reads what a site has done, and asks the hub."""

from pathlib import Path

import msgspec
import segno

from broker.alerts.life import AlertGroup, AlertState
from broker.console.first_view import Begun, KeySheet
from broker.handlers.context import Hub
from broker.handlers.first_steps import KEY_SHOWN, TRIAL
from broker.local.first_questions import AlertTried, CameraLooked, KeyShown
from broker.local.post_box import PostBox
from broker.site_key.key import FILE_NAME, read_key
from broker.site_key.sheet import in_groups
from broker.site_key.signing import FILE_NAME as SIGNING_NAME
from broker.site_key.signing import make_signer
from broker.store.readable import readable
from shared.database import Database
from shared.ids import new_id
from shared.messages import Arrival


class HubFirstSteps:
    """See ``FirstSteps``. Any thread may ask."""

    def __init__(self, hub: Hub, post_box: PostBox, config: Path | None) -> None:
        """``config``: the folder with the site's keys; None: there is none."""
        self._hub, self._post_box, self._config = hub, post_box, config

    def begun(self) -> Begun:
        """See FirstSteps."""
        with self._hub.disk.reading() as db:
            read, trial = _last_read(db), _last_trial(db)
            claimed = "select exists(select 1 from visits where claimed_by is not null)"
            shown = "select exists(select 1 from troubles where gate_id = ?)"
            return Begun(
                has_read=read.seen_at if read else None,
                plate=read.plate if read else None,
                has_rung=None
                if trial is None
                else any(asked.state is AlertState.CLAIMED for asked in trial.asked),
                has_key=bool(db.conn.execute(shown, [KEY_SHOWN]).fetchone()[0]),
                has_received=bool(db.conn.execute(claimed).fetchone()[0]),
            )

    def ring(self, staff_id: str, by: str) -> None:
        """See FirstSteps."""
        moment = self._hub.clock()
        self._post_box.post(
            AlertTried(request_id=new_id(moment), asked_at=moment, staff_id=staff_id, by=by)
        )

    def look(self, gate_id: str, by: str) -> str:
        """See FirstSteps."""
        moment = self._hub.clock()
        asked = CameraLooked(request_id=new_id(moment), asked_at=moment, gate_id=gate_id, by=by)
        self._post_box.post(asked)
        return asked.request_id

    def picture(self, asked_id: str) -> bytes | None:
        """See FirstSteps."""
        return self._hub.pictures.found(asked_id)

    def key(self, by: str) -> KeySheet | None:
        """See FirstSteps."""
        if self._config is None or not (self._config / FILE_NAME).exists():
            return None
        moment, key = self._hub.clock(), read_key(self._config / FILE_NAME)
        self._post_box.post(KeyShown(request_id=new_id(moment), asked_at=moment, by=by))
        return KeySheet(
            key=in_groups(key),
            code=segno.make(key.text, error="m", micro=False).svg_inline(scale=4, light="#fff"),
            head_key=make_signer(self._config / SIGNING_NAME).public,
        )


def _last_read(db: Database) -> Arrival | None:
    rows = db.conn.execute("select body from arrivals order by rowid desc limit 1").fetchall()
    return next(iter(readable(Arrival, (body for (body,) in rows))), None)


def _last_trial(db: Database) -> AlertGroup | None:
    rows = db.conn.execute(
        "select body from alert_groups where subject = ? order by rowid desc limit 1", [TRIAL]
    ).fetchall()
    return next((msgspec.json.decode(body, type=AlertGroup) for (body,) in rows), None)
