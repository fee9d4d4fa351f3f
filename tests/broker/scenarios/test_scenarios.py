import json
from pathlib import Path

import pytest

from broker.scenarios.runner import run_files, run_scenario
from broker.scenarios.scenario_file import ScenarioError, read_scenario
from shared.words import in_language
from yingbin import main

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))
HEAD = "consultants: [{id: li, name: 李敏}, {id: wang, name: 王强}]\nsteps:\n"
FIRST = '  - {at: "2026-11-23 09:00", do: check_in, visit: v1, first_visit: yes, family: no, '
FIRST += "contacted: no}\n"


def run(text: str) -> list[str]:
    return run_scenario(read_scenario(text, "day.yaml"), "day.yaml").failures


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_scenario_runs_as_it_expects(path: Path) -> None:
    assert run(path.read_text(encoding="utf-8")) == []


def test_there_is_a_scenario_for_every_rule() -> None:
    named = {path.stem[:3].upper().replace("R0", "R") for path in FILES}
    decided = {f"R{number}" for number in (*range(1, 15), 16, *range(20, 26))}
    assert decided <= named | {"R15"}
    assert len(FILES) >= 40


def test_every_line_of_the_output_has_exactly_the_fields_of_the_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scenario", "--json", str(FOLDER / "contract.yaml")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    decision = ["at", "visit", "owner", "host", "rule", "turn_used", "flags", "why"]
    event = ["at", "event", "consultant", "visit", "why"]
    assert [list(line) for line in lines] == [decision, decision, event, decision, ["queue"]]
    assert lines[0]["at"] == "2026-11-23T09:02:00+08:00"
    assert lines[2]["event"] == "passed_over"
    assert lines[-1] == {"queue": ["wang", "li"]}


def test_a_failed_expectation_says_what_is_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + FIRST + "  - {expect: {visit: v1, host: wang, turn_used: no}}\n"
    (failure,) = run(text)
    assert "day.yaml:4: step 2: expected host: wang, it is li" in failure
    assert "expected turn_used: no, it is yes" in failure
    assert "自然到访，按轮序由李敏接待。" in failure


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        ("{expect_queue: [li, wang]}", "expected the line [li, wang], it is [wang]"),
        ("{expect: {event: passed_over}}", "expected event: passed_over, it is nobody"),
        ("{expect: {visit: v9, host: li}}", "expected visit: v9"),
        ("{expect: {visit: v1, flags: []}}", "expected flags: [], it is [natural]"),
    ],
)
def test_what_is_not_as_expected_fails(expected: str, problem: str) -> None:
    (failure,) = run(HEAD + FIRST + f"  - {expected}\n")
    assert problem in failure


@pytest.mark.parametrize(
    ("step", "line", "words"),
    [
        ("{do: fly}", 4, "`do: fly` is unknown; it is one of arrive"),
        ("{do: ack, visit: v1}", 4, "`do: ack` needs `consultant`"),
        ("{do: tick, plate: 浙A88888}", 4, "`do: tick` knows no `plate`"),
        ("{do: finish, visit: v9}", 4, "there is no visit 'v9'"),
        ("{do: back, consultant: lee}", 4, "'lee' is no consultant of this file"),
        ("{do: tick, colour: red}", 4, "unknown field `colour`"),
        ("{expect: {hosts: li}}", 4, "unknown field `hosts`"),
        ('{at: "yesterday", do: tick}', 4, "'yesterday' is no moment"),
        ('{at: "2026-11-23 08:00", do: tick}', 4, "`at` lies before the step above"),
        ("{do: check_in, first_visit: maybe}", 4, "maybe"),
        ('{do: check_in, phone: "1380013800"}', 4, "phone: This is no phone number"),
        ("{do: check_in, party_size: 0}", 4, "party_size"),
        ("{do: tick, do: tick}", 4, "stands here twice"),
        ("{at: [1", 5, "no valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_step_and_line(step: str, line: int, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        run(HEAD + FIRST + f"  - {step}\n")
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"day.yaml:{line}: ")
    assert "step 2" in str(caught.value) or "YAML" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing to run"),
        ("consultants: []\nsteps: []\n", "consultants"),
        (HEAD.replace("steps", "step"), "unknown field `step`"),
        ("site: {timezone: Mars/Base}\n" + HEAD, "day.yaml:1: `timezone`: write one like"),
        ("site: {open: 8}\n" + HEAD, '`open`: write a time like "08:30"'),
        ("order: [li, lee]\n" + HEAD, "day.yaml:1: 'lee' is no consultant"),
        (HEAD.replace("wang", "li"), "two consultants have the id 'li'"),
        (HEAD + "  - {do: tick}\n", "the first step says when it is"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=r"day\.yaml:\d+: ") as caught:
        run(text)
    assert words in str(caught.value)


def test_times_and_answers_are_understood_in_every_spelling() -> None:
    steps = """
  - {at: 2026-11-23 09:00, do: check_in, visit: v1, first_visit: Yes, family: "no", contacted: NO}
  - {at: 2026-11-23 09:00:30, do: ack, consultant: 李敏, visit: v1}
  - {at: 2026-11-23T09:01:00, do: check_in, phone: 13800138000, first_visit: true, family: false}
  - {do: ack, consultant: wang, visit: v2}
  - {at: "09:30", do: finish, visit: v1}
  - {at: 18:31, do: tick}
  - {expect: {visit: v1, rule: R14, turn_used: yes}}
  - {expect: {visit: v2, rule: R13, turn_used: "yes"}}
"""
    assert run("site: {open: 08:30, close: 18:30}\n" + HEAD + steps) == []


def test_exit_statuses_tell_a_failed_expectation_from_an_unreadable_file(tmp_path: Path) -> None:
    good, wrong, broken = (tmp_path / name for name in ("good.yaml", "wrong.yaml", "broken.yaml"))
    good.write_text(HEAD + FIRST, encoding="utf-8")
    wrong.write_text(HEAD + FIRST + "  - {expect_queue: [li]}\n", encoding="utf-8")
    broken.write_text("steps: [", encoding="utf-8")
    said: list[str] = []
    warned: list[str] = []

    def status(*paths: Path) -> int:
        return run_files(list(paths), is_json=False, say=said.append, warn=warned.append)

    assert status(good) == 0
    assert in_language(said[-1], "zh-CN") == "轮序 [wang]"
    assert status(good, wrong) == 1
    assert status(wrong, broken, good) == 2
    assert status(tmp_path / "none.yaml") == 2
    assert "can't be read" in warned[-1]
