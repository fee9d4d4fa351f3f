"""What the staff's pages know of the site, read from the hub's file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from broker.console.alert_view import AlertLine
from broker.console.clock_view import RefusedClock
from broker.console.expiring_view import ExpiringLine
from broker.console.follow_up_view import FollowUpLine
from broker.console.site_view import (
    ExpectedLine,
    Overview,
    Person,
    TurnLine,
    VisitLine,
    VisitState,
    Why,
)
from broker.handlers.context import Hub
from broker.journal.past import latest_decision
from broker.leaving.who_left import leavers, staff_here
from broker.local.lan_address import lan_address
from broker.local.post_box import PostBox
from broker.local.questions import PersonSignOut
from broker.mqtt_server.accounts import Account
from broker.mqtt_server.admitted import await_account
from broker.queries.alert_cards import cards_of
from broker.queries.archive import HubArchive
from broker.queries.away_notes import away_notes
from broker.queries.cars import cars_since
from broker.queries.case_book import HubCases
from broker.queries.duty_book import HubDuties
from broker.queries.erased import erased_last
from broker.queries.event_book import HubEvents
from broker.queries.expiring import expiring_of, soonest_first
from broker.queries.hub_devices import HubDevices
from broker.queries.hub_first_steps import HubFirstSteps
from broker.queries.hub_imports import HubImports
from broker.queries.node_lines import node_lines
from broker.queries.open_orders import orders_of
from broker.queries.others import others_since
from broker.queries.owner_lists import OwnerLists
from broker.queries.plan_book import HubPlans
from broker.queries.secure_ports import secure_ports
from broker.queries.settings_desk import HubSettingsDesk
from broker.queries.skips import skips_of
from broker.queries.to_call import to_call_of
from broker.queries.visitor_numbers import visitor_numbers
from broker.queries.whereabouts import expected_by, expected_line, expected_today, posts
from broker.rules.events import Decided
from broker.rules.marks import mark_of_order
from broker.rules.why import reason_for
from broker.settings import HubSettings
from broker.site_file import SitePeople, Staff
from broker.site_words import SiteWords
from broker.store.moments import utc_text
from broker.store.readable import readable
from broker.store.visit_row import VisitRow
from broker.store.visits import Visits, visit_from
from broker.wording.decisions import Teller
from broker.wording.names import called
from shared.database import Database
from shared.disk import DiskState
from shared.ids import new_id
from shared.messages import Alert, Brand

VISITS_SHOWN = 200
CARS_WITHIN = timedelta(hours=2)


class HubSite:
    """The pages' ``Site``. Any thread may ask: each call reads for itself.

    Of ``hub`` it reads only values that are replaced and never changed, which any thread may do.
    """

    def __init__(
        self,
        settings: HubSettings,
        hub: Hub,
        post_box: PostBox | None = None,
        config: Path | None = None,
    ) -> None:
        """``config``: the folder with the site's keys; None: there is none."""
        self._settings, self._decider, self._disk = settings, hub.decider, hub.disk
        self._choices, self._presence, self._clock = hub.choices, hub.presence, hub.clock
        self._keeper = hub.keeper
        self._post_box, self._to_call = post_box or PostBox(), OwnerLists(to_call_of)
        self._expiring = OwnerLists(expiring_of)
        self.site, self.site_name = settings.site, settings.site_name
        self.is_demo = settings.is_demo
        self.mqtt_ws_port = settings.mqtt_ws_port
        self.secure = secure_ports(settings)
        self.zone = ZoneInfo(settings.time_zone)
        self.archive = HubArchive(hub, self._post_box)
        self.settings = HubSettingsDesk(hub, self._post_box, config)
        self.imports = HubImports(hub, self._post_box, Path(settings.data_dir))
        self.cases = HubCases(hub, self._post_box)
        self.duties = HubDuties(hub, self._post_box)
        self.plans = HubPlans(hub, self._post_box)
        self.events = HubEvents(hub, self._post_box)
        self.devices = HubDevices(settings, lambda: self._people)
        self.first_steps = HubFirstSteps(hub, self._post_box, config)
        self.lan_host = lan_address() if settings.listen_host == "0.0.0.0" else None

    @property
    def worn(self) -> tuple[Brand, str | None]:
        """See Site."""
        return self._people.brand.told(), self._settings.pictures_dir

    @property
    def words(self) -> SiteWords:
        """See Site."""
        return self._people.words

    @property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """See Site."""
        return self._people.offered

    @property
    def _people(self) -> SitePeople:
        return self._choices.people

    def people(self) -> tuple[Person, ...]:
        """See Site."""
        return tuple(map(_person, staff_here(self._people, self._decider.state)))

    def leavers(self) -> tuple[Person, ...]:
        """See Site."""
        return tuple(map(_person, leavers(self._people, self._decider.state)))

    def await_account(self, account: Account) -> None:
        """See Site."""
        await_account(account, self._settings.mqtt)

    def sign_out(self, staff_id: str, by: str) -> None:
        """See Site."""
        moment = self._clock()
        self._post_box.post(
            PersonSignOut(request_id=new_id(moment), asked_at=moment, staff_id=staff_id, by=by)
        )

    def overview(self, language: str) -> Overview:
        """See Site."""
        state, moment = self._decider.state, self._clock()
        nodes = node_lines(self._presence, self._people, language)
        with self._disk.reading() as db:
            notes = away_notes(db, self._midnight())
            return Overview(
                visits=self._visits(db, language),
                line=self._line(db),
                order_mark=mark_of_order(state.line),
                nodes=nodes,
                alerts=self._alerts(db, language),
                posts=posts(state, staff_here(self._people, state), nodes, notes),
                cars=cars_since(db, moment - CARS_WITHIN),
                expected=expected_today(state, self._decider.policy.local(moment).date()),
                others=others_since(db, self._midnight()),
                skips=skips_of(db, state, self._people.names(), language),
                clock=self.refused_clock(),
                erased=erased_last(db),
                orders=orders_of(db, self.words, language),
            )

    def expected(self, booking_id: str) -> ExpectedLine | None:
        """See Site."""
        state = self._decider.state
        named = (each for each in state.expected if each.booking_id == booking_id)
        return next((expected_line(state, each) for each in named), None)

    def refused_clock(self) -> RefusedClock | None:
        """See Site."""
        held = self._keeper.clock.held() if self._keeper is not None else None
        if held is None or held.refused_s is None:
            return None
        return RefusedClock(shown=held.at + timedelta(seconds=held.refused_s), ours=held.at)

    def _owners(self, staff_id: str | None) -> dict[str, str]:
        """The consultants who work here (or only this one): their names by id."""
        return {
            person.id: person.name
            for person in staff_here(self._people, self._decider.state)
            if staff_id in (None, person.id) and "consultant" in person.roles
        }

    def bookings(self, host_id: str) -> tuple[ExpectedLine, ...]:
        """See Site."""
        return expected_by(self._decider.state, host_id)

    def follow_ups(self, staff_id: str | None, language: str) -> tuple[FollowUpLine, ...]:
        """See Site."""
        owners, policy = self._owners(staff_id), self._decider.policy
        with self._disk.reading() as db:
            return tuple(self._to_call.lines(db, owners, policy, self._clock(), language))

    def expiring(self, staff_id: str | None, language: str) -> tuple[ExpiringLine, ...]:
        """See Site."""
        owners, policy = self._owners(staff_id), self._decider.policy
        with self._disk.reading() as db:
            lines = self._expiring.lines(db, owners, policy, self._clock(), language)
            return soonest_first(lines)

    def why(self, visit_id: str, staff_id: str, language: str) -> Why | None:
        """See Site."""
        with self._disk.reading() as db:
            judged = latest_decision(db, visit_id)
        if judged is None:
            return None
        names, decided = self._people.names(), judged.decided
        teller = Teller(names, judged.policy, language)
        return Why(
            rule=decided.rule,
            sentence=teller.decision(decided),
            reason=reason_for(judged, staff_id),
            host_name=names.get(decided.host_id or ""),
            owner_name=names.get(decided.owner_id or ""),
            place=judged.place_of(staff_id),
        )

    @property
    def disk(self) -> DiskState | None:
        """See Site."""
        return self._disk.state

    def _midnight(self) -> datetime:
        return self._decider.policy.midnight(self._clock())

    def _visits(self, db: Database, language: str) -> tuple[VisitLine, ...]:
        teller = Teller(self._people.names(), self._decider.policy, language)
        rows = db.query(
            "select * from visits where opened_at >= ? order by opened_at desc limit ?",
            [utc_text(self._midnight()), VISITS_SHOWN],
        )
        numbers = visitor_numbers(db, self._midnight())
        return tuple(
            self._visit_line(visit, teller, numbers.get(visit.check_in_id or ""))
            for visit in map(visit_from, rows)
        )

    def _visit_line(self, visit: VisitRow, teller: Teller, number: str | None) -> VisitLine:
        decided = visit.decision and msgspec.json.decode(visit.decision, type=Decided)
        state = self._decider.state
        now, dispute = state.visits.get(visit.visit_id), state.disputes.get(visit.visit_id)
        claims = dispute.claims if dispute is not None else ()
        return VisitLine(
            visit_id=visit.visit_id,
            came_at=datetime.fromisoformat(visit.opened_at),
            plate=visit.plate,
            visitor=called(visit.surname, visit.salutation, teller.language),
            surname=visit.surname,
            salutation=visit.salutation,
            host_name=teller.names.get(visit.claimed_by or visit.host_id or ""),
            state=_state(visit),
            rule=visit.rule,
            why=teller.decision(decided) if decided else None,
            phone=visit.phone,
            owner_id=visit.owner_id,
            host_id=visit.claimed_by or visit.host_id,
            is_departure_asked=now is not None and now.departed_at is not None,
            stood_in_for=now.turn_of if now is not None and now.stood_in_at else None,
            claimants=tuple(claim.owner_id for claim in claims if claim.owner_id),
            number=number,
            claimed_at=datetime.fromisoformat(visit.claimed_at) if visit.claimed_at else None,
        )

    def _line(self, db: Database) -> tuple[TurnLine, ...]:
        names = self._people.names()
        return tuple(
            TurnLine(
                turn.consultant_id, names.get(turn.consultant_id, turn.consultant_id), turn.note
            )
            for turn in Visits(db).line()
        )

    def _alerts(self, db: Database, language: str) -> tuple[AlertLine, ...]:
        rows = db.query(
            "select body from alerts where closed_at is null and expires_at >= ?",
            [self._clock().timestamp()],
        )
        alerts = readable(Alert, (row["body"] for row in rows))
        return cards_of(alerts, self._people.names(), language)


def _person(person: Staff) -> Person:
    return Person(person.id, person.name, person.roles, person.pin)


def _state(visit: VisitRow) -> VisitState:
    if visit.finished_at:
        return VisitState.FINISHED
    if visit.claimed_by:
        return VisitState.SERVING
    if visit.check_in_id is None:
        return VisitState.ARRIVED
    return VisitState.CALLED if visit.host_id else VisitState.WAITING
