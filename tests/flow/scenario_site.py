"""The site that a scenario file describes, as a hub is given it."""

from datetime import datetime

from msgspec.structs import replace

from broker.rules.policy import Policy
from broker.scenarios.scenario_steps import Scenario
from broker.scenarios.step_commands import DOOR
from broker.site_file import KnownCustomer, SitePeople, Staff
from shared.words import DEFAULT_LANGUAGE, read_words

BOSS = "boss"
"""The manager of every scenario's site."""
BOSS_S_NAME = read_words("broker").say("decision.manager", DEFAULT_LANGUAGE)
"""As the rules call the manager whom they do not know by name."""


def people_of(scenario: Scenario) -> SitePeople:
    """``site.toml`` for the scenario; its manager is called ``boss``."""
    consultants = tuple(
        Staff(
            id=person.id,
            name=person.name,
            roles=("consultant",),
            pin="1234",
            team=person.team,
            has_left=person.has_left,
        )
        for person in scenario.consultants
    )
    everybody = tuple(person.id for person in scenario.consultants)
    return SitePeople(
        staff=(
            *consultants,
            Staff(id=BOSS, name=BOSS_S_NAME, roles=("manager",), pin="1234"),
            Staff(id=DOOR, name="大门迎宾", roles=("door",), pin="1234"),
        ),
        order=scenario.order if scenario.order is not None else everybody,
        registered=tuple(
            KnownCustomer(
                consultant=registration.consultant,
                at=registration.at,
                surname=registration.surname,
                salutation=registration.salutation,
                phone=registration.phone,
                plates=registration.plates,
                received=registration.received,
            )
            for registration in scenario.registered
        ),
    )


def policy_of(scenario: Scenario) -> Policy:
    return replace(scenario.site, duty=scenario.duty or scenario.site.duty)


def first_moment(scenario: Scenario) -> datetime:
    """That of the first step."""
    return next(step.at for step in scenario.steps if step.do is not None and step.at is not None)
