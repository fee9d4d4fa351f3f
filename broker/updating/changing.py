"""The change from one release to another, step by step; whatever ends it, the site goes on.

Until ``current`` leads elsewhere nothing has changed. A ``Trial`` lies on the disk by then, and the
release that ran before judges the new one: at once, or after a power cut at the next start.
"""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from broker.backup.making import make_backup
from broker.backup.site_folders import SiteFolders
from broker.journal.entries import FILE_NAME
from broker.local.local_socket import ask
from broker.local.questions import UpdateTakenBack
from broker.settings import HubSettings
from broker.site_key.key import read_key
from broker.store.schema import migrations
from broker.updating.installation import CURRENT, PREVIOUS, Installation, Trial
from broker.updating.placing import place, refuse_unfit, refuse_without_room
from broker.updating.release_file import checked
from broker.updating.services import start_units, stop_units, wanted_units
from broker.updating.signature import Keys
from broker.updating.trial_watch import Complaint, watch, wrong_findings
from broker.updating.unit_files import USUAL_FOLDER, exchange_units
from shared.clock import now
from shared.config import read_config
from shared.errors import OperatorError
from shared.ids import new_id
from shared.migrations import needed_in
from shared.systemd import notify
from shared.words import Sentence

MOST_BOOTS = 3
_BACKUPS = "backups"
TELLS_WITHIN_S = 60.0
_RESTORES_WITHIN_S = 1800.0


@dataclass(frozen=True, slots=True)
class Update:
    """Where a change is made, and who hears how it goes."""

    installation: Installation
    config: Path
    """The site's settings; without a ``hub.toml`` this machine has no hub."""
    tell: Callable[[str], None]
    units: Path = USUAL_FOLDER
    """Where the services' unit files lie."""

    @property
    def place(self) -> SiteFolders | None:
        """The folders of this machine's hub; None: it has none."""
        settings = self._settings
        return SiteFolders(self.config, Path(settings.data_dir)) if settings else None

    @property
    def _settings(self) -> HubSettings | None:
        path = self.config / "hub.toml"
        return read_config(HubSettings, path) if path.is_file() else None

    @property
    def hub_file(self) -> Path | None:
        """The hub's file; None: there is none on this machine."""
        return self.place.hub / FILE_NAME if self.place else None

    def exchange_units(self, old: str, new: str) -> None:
        """Let the services be run as the environment ``new`` wants, and not as ``old`` did."""
        root = self.installation.root
        is_back = self.installation.trial is not None and self.installation.trial.old == new
        for unit, wanted in exchange_units(self.units, root / old, root / new):
            if not is_back:  # then it is told already
                self.tell(Sentence("update.unit_kept", unit=unit, wanted=wanted))

    def back_up(self) -> Path | None:
        """Make a backup; None: there is nothing to back up.

        Raises:
            OperatorError: it cannot be made.
        """
        settings, place = self._settings, self.place
        if settings is None or place is None or not (place.hub / FILE_NAME).is_file():
            return None
        self.tell(Sentence("update.backup"))
        to = self.installation.root / _BACKUPS
        if settings.backup_dir is not None and Path(settings.backup_dir).is_dir():
            to = Path(settings.backup_dir)
        to.mkdir(mode=0o700, exist_ok=True)
        return make_backup(place, settings.site, read_key(place.key), to, now())


def take(update: Update, file: Path, keys: Keys) -> int:
    """Change to the release ``file``; 1: it did not work and was taken back.

    Raises:
        OperatorError: it cannot be taken; nothing was changed.
    """
    installation = update.installation
    update.tell(Sentence("update.verify", file=file.name))
    manifest = checked(file, keys)
    refuse_unfit(manifest, installation.version(installation.current))
    hub_file = update.hub_file
    stored = hub_file.stat().st_size if hub_file and hub_file.is_file() else 0
    refuse_without_room(installation.root, manifest, 2 * stored)
    update.tell(Sentence("update.install", version=manifest.version))
    new = place(installation, file, keys, manifest)
    return change_to(update, new, writes_for=manifest.hub_needs)


def change_to(
    update: Update, new: str, *, writes_for: int = 0, restores: Path | None = None
) -> int:
    """Change to the environment ``new``; 1: it did not work and was taken back.

    ``writes_for``: the number that a hub must know to use what ``new`` writes. Where the hub that
    runs now does not know it, the backup is made while nobody writes: it may be needed whole.
    ``restores``: a backup that ``new`` needs in the place of the files.

    Raises:
        OperatorError: there is no systemd, or no backup can be made. Nothing was changed.
    """
    installation = update.installation
    old, units = installation.current, wanted_units()
    update.tell(Sentence("update.examine"))
    known = wrong_findings(installation.program(old), update.config)
    trial = Trial(old=old, new=new, units=units, known=tuple(sorted(known)))
    is_one_way = writes_for > migrations.number
    if not is_one_way:
        trial = _backed_up(update, trial)
    installation.note(trial)
    began = time.monotonic()
    try:
        update.tell(Sentence("update.stop"))
        stop_units(units)
        if is_one_way:
            trial = _backed_up(update, trial)
            installation.note(trial)
        if restores:
            restore_for(update, new, restores)
        _swap(update, trial)
    except OperatorError as error:
        return take_back(update, trial, Complaint("update.why_failed", str(error.sentence)))
    return _judge(update, trial, began)


def _swap(update: Update, trial: Trial) -> None:
    update.tell(Sentence("update.swap"))
    update.installation.point(CURRENT, trial.new)
    update.exchange_units(trial.old, trial.new)
    update.tell(Sentence("update.start"))
    start_units(trial.units)


def _backed_up(update: Update, trial: Trial) -> Trial:
    """``trial`` with the backup that was made of the site."""
    backup = update.back_up()
    return replace(trial, backup=str(backup) if backup else None)


def _judge(update: Update, trial: Trial, began: float) -> int:
    """Wait until the new release has proved itself, or take it back."""
    update.tell(Sentence("update.watch"))
    installation = update.installation
    complaint = watch(
        installation.program(trial.new), update.config, trial.units, frozenset(trial.known)
    )
    if complaint is not None:
        return take_back(update, trial, complaint)
    installation.point(PREVIOUS, trial.old)
    installation.end_trial(is_taken=True)
    installation.tidy()
    took_s = round(time.monotonic() - began)
    update.tell(Sentence("update.done", version=installation.version(trial.new), seconds=took_s))
    return 0


def take_back(update: Update, trial: Trial, complaint: Complaint) -> int:
    """Go back to the release that ran before; may be begun again after a power cut.

    Raises:
        OperatorError: that release cannot read the hub's file, and no backup can be restored.
    """
    installation = update.installation
    trial = replace(trial, why=complaint.why, detail=complaint.detail)
    installation.note(trial)
    reason = Sentence(complaint.why, detail=complaint.detail)
    update.tell(Sentence("update.back", reason=reason))
    stop_units(trial.units)
    try:
        _make_readable(update, trial)
    except OperatorError:
        start_units(trial.units)  # as far as they can: better than none
        raise
    installation.point(CURRENT, trial.old)
    update.exchange_units(trial.new, trial.old)
    start_units(trial.units)
    notify("READY=1")
    version = _version(installation, trial.new)
    _tell_manager(update, version)
    installation.end_trial()
    installation.tidy()
    update.tell(Sentence("update.is_back", version=installation.version(trial.old)))
    return 1


def _make_readable(update: Update, trial: Trial) -> None:
    """Put the backup back where the release before cannot read what the new one wrote."""
    hub_file = update.hub_file
    if hub_file and needed_in(hub_file) > migrations.number and trial.backup:
        restore_for(update, trial.old, Path(trial.backup))


def restore_for(update: Update, environment: str, backup: Path) -> None:
    """Let the release ``environment`` put ``backup`` in the place of the site's files.

    Raises:
        OperatorError: it cannot.
    """
    update.tell(Sentence("update.restore", backup=backup))
    program = update.installation.program(environment)
    command = [program, "restore", backup, "--config", update.config / "hub.toml"]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=_RESTORES_WITHIN_S
    )
    if done.returncode != 0:
        raise OperatorError("error.update_restore", backup=backup, problem=done.stderr.strip())


def go_on(update: Update) -> int:
    """End a change that was interrupted; called at the machine's start, before the services'."""
    installation = update.installation
    trial = installation.trial
    if trial is None:
        return 0
    if trial.why is not None:
        return take_back(update, trial, Complaint(trial.why, trial.detail))
    if installation.current != trial.new:
        installation.end_trial()
        start_units(trial.units)
        notify("READY=1")
        update.tell(Sentence("update.unchanged"))
        return 1
    trial = replace(trial, boots=trial.boots + 1)
    if trial.boots >= MOST_BOOTS:
        return take_back(update, trial, Complaint("update.why_boots", str(trial.boots)))
    installation.note(trial)
    update.exchange_units(trial.old, trial.new)
    start_units(trial.units)
    notify("READY=1")
    return _judge(update, trial, time.monotonic())


def _version(installation: Installation, environment: str) -> str:
    """What an environment says that it is; where it can't even say that, its folder's name."""
    try:
        return str(installation.version(environment))
    except OperatorError:
        return Path(environment).name


def _tell_manager(update: Update, version: str) -> None:
    """Have the hub tell the manager, as soon as it runs."""
    if update.place is None:
        return
    told = UpdateTakenBack(request_id=new_id(), asked_at=now(), version=version)
    give_up_at = time.monotonic() + TELLS_WITHIN_S
    while time.monotonic() < give_up_at:
        with suppress(OperatorError):
            ask(update.place.hub, told)
            return
        time.sleep(1.0)
    update.tell(Sentence("update.untold"))
