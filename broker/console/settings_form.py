"""A form of settings: what it shows, what was typed into it, and what is wrong with that."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, make_response, render_template, request

from broker.choices.rows import Row, Rows
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.settings_fields import SettingField, read, seen, shown
from broker.console.settings_view import PolicyTrial
from broker.console.settings_words import edit_value
from broker.console.words import language, say
from broker.local.questions import Edit
from shared.errors import BadValueError, OperatorError
from shared.words import Sentence

SEVERAL = ("people", "order", "ticks")
"""The kinds of fields that have several values."""
HOLDS_FROM, CONFIRMED, MARK = "holds_from", "confirmed", "mark"
LATEST = timedelta(days=730)
"""A change is planned for two years ahead at most."""


@dataclass
class SettingsForm:
    """The rows as they are now; after a ``POST`` what was typed, and the problems by field."""

    rows: Rows
    by: str | None = None
    """Who fills it in; None: whoever set the site up, before anybody could log in."""
    problems: dict[str, str] = field(default_factory=dict)
    """By the field's name; an empty name: of the form as a whole."""

    @property
    def is_sent(self) -> bool:
        """Whether somebody sent the form."""
        return request.method == "POST"

    def value(self, asked: SettingField) -> Any:
        """What the page shows: what was typed, or what holds."""
        if not self.is_sent:
            return asked.value(self.rows)
        given = request.form.getlist(asked.name)
        if asked.kind in SEVERAL:
            return [each for each in given if each]
        if asked.kind == "yes":
            return "yes" in given
        return given[-1] if given else ""

    def was(self, row: Row) -> str:
        """What the form is filled in on; after a refusal, what holds by now."""
        return shown(self.rows, row)

    def mark(self, row: Row) -> str:
        """Of a row whose value is not for the page, as a PIN: another once the row changed."""
        return hashlib.sha256(shown(self.rows, row).encode()).hexdigest()[:16]

    def as_marked(self, row: Row) -> Any:
        """The row as it is, if the form was filled in on it; else what the hub refuses."""
        given = request.form.get(MARK)
        return self.rows.get(row) if given == self.mark(row) else {MARK: given}

    def edits(self, fields: Iterable[SettingField]) -> tuple[Edit, ...]:
        """What the form changes; what it says wrongly is among the problems."""
        found = []
        for each in fields:
            row = each.section, each.row
            try:
                was = seen(request.form.get(f"was.{each.name}"))
                now = read(each, request.form.getlist(each.name))
            except BadValueError as error:
                self.problems[each.name] = said(error.sentence)
                continue
            if now != was:
                found.append(Edit(*row, was, now))
        return tuple(found)

    def holds_from(self) -> datetime | None:
        """From when the change shall hold: the beginning of a day to come; None: at once."""
        text = request.form.get(HOLDS_FROM, "").strip()
        if not text:
            return None
        zone, now = parts().site.zone, parts().clock()
        try:
            on = date.fromisoformat(text)
            moment = datetime.combine(on, datetime.min.time(), zone)
        except (ValueError, OverflowError):
            moment = now + 2 * LATEST
        if moment > now + LATEST:
            self.problems[HOLDS_FROM] = say("settings.wrong_day")
            return None
        return moment if moment > now else None

    def save(self, edits: tuple[Edit, ...], holds_from: datetime | None = None) -> bool:
        """Whether the hub made the change; else why not is among the problems."""
        if self.problems:
            return False
        if not edits:
            return True
        desk = parts().site.settings
        try:
            desk.change(edits, self.by, holds_from)
        except OperatorError as error:
            self.refuse(error)
        except TimeoutError:
            self.problems[""] = say("settings.busy")
        self.rows = desk.rows
        return not self.problems

    def tried(self, edits: tuple[Edit, ...], holds_from: datetime | None) -> PolicyTrial | None:
        """What would have been decided otherwise; None: nothing, or it was shown already."""
        if self.problems or not edits or CONFIRMED in request.form:
            return None
        try:
            trial = parts().site.settings.try_out(edits, holds_from, language())
        except OperatorError as error:
            self.refuse(error)
            return None
        return trial if trial.differs else None

    def refuse(self, error: OperatorError) -> None:
        """Note what the hub says against it, at its field where it has one."""
        values = error.sentence.values
        name = str(values.get("field", ""))
        problem = values.get("problem")
        if error.sentence.key == "error.changed_since":
            self.problems[name] = self._changed_since(name, values)
        elif name and problem is not None:
            self.problems[name] = said(problem)
        else:
            self.problems[""] = said(error.sentence)

    def _changed_since(self, name: str, values: Mapping[str, object]) -> str:
        """What the second of two managers is told of what the first did."""
        section, _, row = name.partition(".")
        edit = Edit(section, row, None, parts().site.settings.rows.get((section, row)))
        shown_now = edit_value(edit, edit.now)
        return say(
            "settings.changed_since", who=spoken(values["who"]), at=values["at"], value=shown_now
        )

    def page(self, template: str, **values: object) -> Response:
        """The page with this form, refused or new."""
        status = 422 if self.problems else 200
        return make_response(render_template(template, form=self, **values), status)


def own_form() -> SettingsForm:
    """The form of the manager who asks for the page."""
    return SettingsForm(parts().site.settings.rows, me().staff_id)


def said(problem: object) -> str:
    """``problem`` in this browser's language, with the labels of the fields that it names."""
    return re.sub(r"`(\w+)`", _label, spoken(problem))


def spoken(value: object) -> str:
    """``value`` as this browser reads it."""
    return value.in_language(language()) if isinstance(value, Sentence) else str(value)


def _label(found: re.Match[str]) -> str:
    key = f"setting.{found[1]}"
    return say("settings.quoted", name=say(key)) if key in parts().words else found[0]
