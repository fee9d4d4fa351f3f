"""The pages' ``SettingsDesk``: reads what the site chose, and asks the hub to change it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from broker.choices.changes import (
    KeptChange,
    documents_from,
    edited,
    own_rows,
    reversed_edits,
)
from broker.choices.rows import DAYS, POLICY, Rows
from broker.console.settings_view import ChangeLine, GivenDocument, GivenRow, PolicyTrial
from broker.handlers.context import Hub
from broker.local.post_box import PostBox
from broker.local.questions import (
    CustomersHandOver,
    Edit,
    Gift,
    PersonLeaves,
    SettingsChange,
    ShiftAnswered,
    ShiftAsked,
)
from broker.queries.policy_trial import tried_on_steps
from broker.queries.scenario_trial import FOLDER, tried_on_scenarios
from broker.rules.policy import Policy
from broker.rules.portfolio import OwnCustomer, customers, received_since
from broker.site_file import SitePeople
from broker.store.portfolios import entered_by
from shared.errors import OperatorError
from shared.ids import new_id
from shared.messages import Message


class HubSettingsDesk:
    """See ``SettingsDesk``. Any thread may ask: what it reads is replaced and never changed."""

    def __init__(self, hub: Hub, post_box: PostBox, config: Path | None = None) -> None:
        """``config``: the folder with the site's settings, where its scenarios lie too."""
        self._hub, self._post_box, self._config = hub, post_box, config

    @property
    def rows(self) -> Rows:
        """See SettingsDesk."""
        return self._hub.choices.rows()

    @property
    def people(self) -> SitePeople:
        """See SettingsDesk."""
        return self._hub.people

    @property
    def policy(self) -> Policy:
        """See SettingsDesk."""
        return self._hub.choices.policy

    def ask_shift(self, asked: ShiftAsked) -> None:
        """See SettingsDesk."""
        self._post(asked)

    def answer_shift(self, answered: ShiftAnswered) -> None:
        """See SettingsDesk."""
        self._post(answered)

    def has_left(self, staff_id: str) -> bool:
        """See SettingsDesk."""
        return self._hub.has_left(staff_id)

    def changes(self) -> tuple[ChangeLine, ...]:
        """See SettingsDesk."""
        kept, now, names = self._hub.choices.kept, self._hub.clock(), self._hub.people.names()
        made_at = {one.change.change_id: one.at for one in kept}
        taken_back = {one.change.undoes for one in kept if one.change.undoes}

        def line(one: KeptChange) -> ChangeLine:
            change = one.change
            return ChangeLine(
                change_id=change.change_id,
                at=one.at,
                by=names.get(change.by, change.by) if change.by else None,
                holds_from=one.holds_from,
                is_planned=one.holds_from > now,
                edits=change.edits,
                source=change.source,
                takes_back=made_at.get(change.undoes or ""),
                is_taken_back=change.change_id in taken_back,
                document=change.document,
            )

        return tuple(map(line, reversed(kept)))

    def documents(self) -> tuple[GivenDocument, ...]:
        """See SettingsDesk."""
        kept, now = self._hub.choices.kept, self._hub.clock()
        own = own_rows(kept)
        return tuple(
            GivenDocument(
                document=document,
                holds_from=one.holds_from,
                is_planned=one.holds_from > now,
                rows=tuple(
                    GivenRow(edit, edit.may_differ and (edit.section, edit.row) in own)
                    for edit in one.change.edits
                ),
            )
            for one in documents_from(kept, now)
            if (document := one.change.document) is not None
        )

    def try_out(
        self, edits: tuple[Edit, ...], holds_from: datetime | None, language: str
    ) -> PolicyTrial:
        """See SettingsDesk."""
        if not any(edit.section in (POLICY, DAYS) for edit in edits):
            return PolicyTrial()
        choices, now = self._hub.choices, self._hub.clock()
        policy = self.policy_after(edits, holds_from)
        since = choices.policy.midnight(choices.policy.midnight(now) - timedelta(hours=1))
        with self._hub.disk.reading() as db:
            trial = tried_on_steps(db, policy, since, self._hub.teller(language))
        if self._config is None:
            return trial
        folder = self._config / FOLDER
        tried, others = tried_on_scenarios(folder, choices.policy, policy, language)
        return replace(trial, scenarios=tried, in_scenarios=others)

    def policy_after(self, edits: tuple[Edit, ...], holds_from: datetime | None = None) -> Policy:
        """See SettingsDesk."""
        choices = self._hub.choices
        rows = choices.rows(holds_from or self._hub.clock())
        return choices.made_of(edited(rows, edits)).policy

    def change(
        self, edits: tuple[Edit, ...], by: str | None, holds_from: datetime | None = None
    ) -> None:
        """See SettingsDesk."""
        self._change(edits, by, holds_from)

    def take_back(self, change_id: str, by: str) -> None:
        """See SettingsDesk."""
        change = next(
            (one.change for one in self._hub.choices.kept if one.change.change_id == change_id),
            None,
        )
        if change is None:
            raise OperatorError("error.no_change", change_id=change_id)
        is_planned = change.valid_from is not None and change.valid_from > self._hub.clock()
        holds_from = change.valid_from if is_planned else None
        self._change(reversed_edits(change), by, holds_from, undoes=change_id)

    def leave(self, staff_id: str, by: str) -> None:
        """See SettingsDesk."""
        moment = self._hub.clock()
        self._post(
            PersonLeaves(request_id=new_id(moment), asked_at=moment, staff_id=staff_id, by=by)
        )

    def customers_of(self, staff_id: str) -> tuple[OwnCustomer, ...]:
        """See SettingsDesk."""
        policy, now = self._hub.choices.policy, self._hub.clock()
        with self._hub.disk.reading() as db:
            entered = entered_by(db, staff_id, received_since(policy, now))
            return customers(entered, policy, now)

    def hand_over(self, from_id: str, given: tuple[Gift, ...], reason: str, by: str) -> None:
        """See SettingsDesk."""
        moment = self._hub.clock()
        self._post(
            CustomersHandOver(
                act_id=new_id(moment),
                asked_at=moment,
                from_id=from_id,
                given=given,
                reason=reason,
                by=by,
            )
        )

    def _change(
        self,
        edits: tuple[Edit, ...],
        by: str | None,
        holds_from: datetime | None,
        undoes: str | None = None,
    ) -> None:
        moment = self._hub.clock()
        self._post(
            SettingsChange(
                change_id=new_id(moment),
                asked_at=moment,
                edits=edits,
                by=by,
                valid_from=holds_from,
                undoes=undoes,
            )
        )

    def _post(self, message: Message) -> None:
        self._post_box.post(message)
