"""Runs scenario files through the house rules, as the hub does, and checks what they expect."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import asdict, replace

from broker.decider import Decider
from broker.journal.entries import Journal
from broker.journal.hub_file import HubFile
from broker.rules import commands as c
from broker.rules.facts import Registration
from broker.rules.line import queue
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.scenarios.expectations import listed, problems
from broker.scenarios.output import OutputLine, output_of
from broker.scenarios.scenario_file import ScenarioError, read_scenario
from broker.scenarios.scenario_steps import FOLLOW_UP, Scenario, ScenarioStep, time_of
from broker.scenarios.step_commands import Occasion, booked, call_said, command_of, planned
from broker.store.inbox import Inbox
from broker.store.open_follow_ups import is_overdue
from broker.store.register import CustomerRegister
from broker.store.schema import migrate
from broker.wording.decisions import Teller
from shared.errors import OperatorError
from shared.words import DEFAULT_LANGUAGE, Sentence

_OPENS_A_VISIT = ("arrive", "check_in")


@dataclass(slots=True)
class Run:
    """A scenario that is being run."""

    scenario: Scenario
    language: str
    """What it tells is in."""
    decider: Decider
    register: CustomerRegister
    inbox: Inbox
    told: list[OutputLine] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    number: int = 0
    now: datetime | None = None

    @property
    def policy(self) -> Policy:
        """The house rules of this site."""
        return self.decider.policy

    @property
    def state(self) -> SiteState:
        """The site as it stands."""
        return self.decider.state

    def take(self, command: c.Command) -> None:
        """Let the hub's decider decide, and note what it tells."""
        with self.decider.atomic():
            followed = self.decider.take(command)
        teller = Teller(
            {consultant.id: consultant.name for consultant in self.state.roster.values()},
            self.policy,
            self.language,
        )
        lines = (output_of(event, teller) for event in followed)
        self.told += [OutputLine(self.number, line) for line in lines if line]


def _begun(scenario: Scenario, language: str, db: HubFile) -> Run:
    """The hub's decider over the hub's tables in ``db``."""
    migrate(db)
    policy = replace(scenario.site, duty=scenario.duty or scenario.site.duty)
    return Run(
        scenario, language, Decider(db, Journal(db), policy), CustomerRegister(db), Inbox(db)
    )


def run_scenario(scenario: Scenario, name: str, language: str = DEFAULT_LANGUAGE) -> Run:
    """Run every step of ``scenario``.

    Raises:
        ScenarioError: a step is impossible; ``name`` is the file's, for the message.
    """
    with closing(HubFile.in_memory()) as db:
        run = _begun(scenario, language, db)
        for number, step in enumerate(scenario.steps, start=1):
            run.number = number
            where = {"name": name, "line": step.yaml_line, "step": number}
            try:
                _do(run, step)
            except OperatorError as error:
                raise ScenarioError(
                    "error.scenario_step", problem=error.sentence, **where
                ) from error
            run.failures += [
                Sentence("error.scenario_step", problem=problem, **where)
                for problem in problems(run.told, queue(run.state), step)
            ]
    return run


def _do(run: Run, step: ScenarioStep) -> None:
    if step.do is None:
        return
    before, run.now = run.now, time_of(step, run.now, run.policy)
    if run.now is None:
        raise OperatorError("error.scenario_start")
    if before is not None and run.now < before:
        raise OperatorError("error.scenario_back")
    if before is None:
        _begin(run, run.now)
    visit_id, name = _visit_of(run, step), f"step-{run.number}"
    _rest_turns(run, run.now)
    occasion = Occasion(run.now, visit_id, name, run.policy, run.register)
    if step.do == FOLLOW_UP:
        said = call_said(step, occasion)
        run.inbox.add_message(said.report_id, said, run.now)
    run.take(command_of(step, occasion))
    _rest_turns(run, run.now)


def _rest_turns(run: Run, at: datetime) -> None:
    """Tell the rules who has overdue calls, where the site asks for it."""
    if run.policy.overdue_follow_ups_rest_the_turn:
        people = sorted(run.state.roster)
        late = (who for who in people if is_overdue(run.inbox.db, who, run.policy, at))
        run.take(c.FollowUpsOverdue(at=at, consultant_ids=tuple(late)))


def _begin(run: Run, at: datetime) -> None:
    """Set up what stands above ``steps``: people, the line, known and expected customers."""
    people = tuple(c.Consultant(**asdict(consultant)) for consultant in run.scenario.consultants)
    order = run.scenario.order
    run.take(
        c.SetRoster(
            at=at,
            consultants=people,
            order=order if order is not None else tuple(consultant.id for consultant in people),
        )
    )
    for number, known in enumerate(run.scenario.registered, start=1):
        run.register.add(
            Registration(
                registration_id=f"before-{number}",
                consultant_id=known.consultant,
                registered_at=known.at,
                received_at=known.at,
                phone=known.phone,
                plates=known.plates,
                surname=known.surname,
                salutation=known.salutation,
                is_unreceived=not known.received,
            )
        )
    for vip in run.scenario.vips:
        run.take(planned(vip, vip.arrives or vip.at or at, at))
    for booking in run.scenario.appointments:
        run.take(booked(booking, at, made_at=at - timedelta(days=1)))


def _visit_of(run: Run, step: ScenarioStep) -> str:
    """The visit that a step means; visits without a name of their own are v1, v2 …"""
    if step.do not in _OPENS_A_VISIT:
        if step.visit is not None and step.visit not in run.visits:
            raise OperatorError("error.scenario_visit", visit=step.visit)
        return step.visit or ""
    number = len(run.visits) + 1
    while f"v{number}" in run.visits:
        number += 1
    visit_id = step.visit or f"v{number}"
    if visit_id not in run.visits:
        run.visits.append(visit_id)
    return visit_id


def run_files(
    paths: list[Path], *, is_json: bool, say: Callable[[str], None], warn: Callable[[str], None]
) -> int:
    """Run each file and return the exit status: 1 an ``expect`` failed, 2 a file is unreadable."""
    status = 0
    for path in paths:
        try:
            run = run_scenario(
                read_scenario(path.read_text(encoding="utf-8"), str(path)), str(path)
            )
        except (OSError, UnicodeDecodeError) as error:
            warn(Sentence("error.scenario_file", path=path, problem=error))
            status = 2
            continue
        except ScenarioError as error:
            warn(error.sentence)
            status = 2
            continue
        for line in _report(run, is_json=is_json):
            say(line)
        for failure in run.failures:
            warn(failure)
        status = max(status, 1 if run.failures else 0)
    return status


def _report(run: Run, *, is_json: bool) -> Iterator[str]:
    if is_json:
        for told in run.told:
            yield json.dumps(told.line, ensure_ascii=False)
        yield json.dumps({"queue": list(queue(run.state))}, ensure_ascii=False)
        return
    for told in run.told:
        at, visit, why = (told.line[key] or "" for key in ("at", "visit", "why"))
        what = told.line.get("rule") or told.line["event"]
        yield f"{at[:16].replace('T', ' ')}  {visit:6} {what:18} {why}"
    yield Sentence("scenario.line", names=listed(queue(run.state)))
