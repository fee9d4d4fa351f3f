from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import broker
from broker.rules.policy import Policy
from broker.rules.retention import Retention
from broker.settings import site_policy
from shared.config import read_config
from shared.errors import ConfigError
from tests.hub_site import hub_settings

EXAMPLE = Path(broker.__file__).parent / "policy.example.toml"


def test_the_example_explains_every_value_and_holds_the_usual_one() -> None:
    assert read_config(Policy, EXAMPLE) == Policy()
    text = EXAMPLE.read_text(encoding="utf-8")
    named = [field.name for field in msgspec.structs.fields(Policy) if field.name != "retention"]
    named += [field.name for field in msgspec.structs.fields(Retention)]
    assert all(f"\n{name} = " in text for name in named)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('open = "8:30"', ':1: `open`: write a time like "08:30".'),
        ('\nclose = "08:00"', ":2: `close`: write a time after `open`"),
        ("closes = 3", ":1: there is no setting `closes`."),
        ('\n\nprotection_days = "many"', ':3: protection_days = "many": it must be a whole number'),
        ("protection_days = -1", ":1: `protection_days`: write 0 or more days."),
        ("absent_after_s = 0", ":1: `absent_after_s`: write 1 or more seconds."),
        ("repeat_after_s = 0", ":1: `repeat_after_s`: write 1 or more seconds."),
        ("\nsecond_after_s = 5", ":2: `second_after_s`: write as many seconds as `repeat_after_s`"),
        ("manager_after_s = 15", ":1: `manager_after_s`: write as many seconds as"),
        ("refill_every_minutes = 0", ":1: `refill_every_minutes`: write 1 or more minutes."),
        ("served_within_minutes = 0", ":1: `served_within_minutes`: write 1 or more minutes."),
        ("look_then_claim_days = -5", ":1: `look_then_claim_days`"),
        ('after_reception = "ring"', 'write "end_of_line" or "keep_order".'),
        ('timezone = "Mars/Base"', ':1: `timezone`: write one like "Asia/Shanghai".'),
        ('rows = ["R6"]', ":1: `rows`: write each of R5, R6"),
        ('rows_that_use_a_turn = ["R6"]', ":1: `rows_that_use_a_turn`: write some of R4b, R8"),
        ("[retention]\nvisits_days = 0", ":2: `visits_days`: write 1 or more days."),
        ("[retention]\nvisit_days = 9", ":2: there is no setting `visit_days`."),
        ("open = ", "this is no valid TOML"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line_and_what_to_write(
    text: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(Policy, path)
    assert problem in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_what_an_older_hub_toml_says_of_days_still_counts(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[retention]\nvisits_days = 100\nsightings_days = 9\n", encoding="utf-8")
    settings = replace(hub_settings(tmp_path), policy_file=str(policy))
    assert site_policy(settings).retention == Retention(visits_days=100, sightings_days=9)
    older = replace(settings, own_page_days=60, visits_kept_days=400)
    assert site_policy(older).retention == Retention(
        own_pages_days=60, visits_days=400, registrations_days=400, sightings_days=9
    )
