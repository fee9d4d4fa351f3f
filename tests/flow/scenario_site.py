"""The site that a scenario file describes, as a hub is given it."""

from datetime import datetime

from msgspec.structs import replace

from broker.rules.policy import Policy
from broker.scenarios.scenario_steps import Scenario
from broker.site_file import KnownCustomer, SitePeople, Staff

BOSS = "boss"
"""The manager of every scenario's site."""


def people_of(scenario: Scenario) -> SitePeople:
    """``site.toml`` for the scenario; its manager is called ``boss``."""
    consultants = tuple(
        Staff(
            id=one.id,
            name=one.name,
            roles=("consultant",),
            pin="1234",
            team=one.team,
            has_left=one.has_left,
        )
        for one in scenario.consultants
    )
    everybody = tuple(one.id for one in scenario.consultants)
    return SitePeople(
        staff=(*consultants, Staff(id=BOSS, name="经理", roles=("manager",), pin="1234")),
        order=scenario.order if scenario.order is not None else everybody,
        registered=tuple(
            KnownCustomer(
                consultant=one.consultant,
                at=one.at,
                surname=one.surname,
                salutation=one.salutation,
                phone=one.phone,
                plates=one.plates,
            )
            for one in scenario.registered
        ),
    )


def policy_of(scenario: Scenario) -> Policy:
    return replace(scenario.site, duty=scenario.duty or scenario.site.duty)


def first_moment(scenario: Scenario) -> datetime:
    return next(one.at for one in scenario.steps if one.do is not None and one.at is not None)
