"""Scenario files (YAML): a day at a sales office as a manager writes it down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import yaml

from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from broker.scenarios.scenario_steps import Scenario
from shared.errors import OperatorError, sentence_of
from shared.words import Sentence

_ANSWERS = {"true": "yes", "on": "yes", "y": "yes", "false": "no", "off": "no", "n": "no"}
_SWITCHES = tuple(field.name for field in msgspec.structs.fields(Policy) if field.type is bool)
"""What a site says yes or no to."""
_TRUE, _FALSE = ("yes", "true", "on", "y"), ("no", "false", "off", "n")
_MOMENT = re.compile(
    r"(?:(\d{4}-\d\d-\d\d)[ T]+)?(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.0*)?)?"
    r"\s*(Z|[+-]\d\d:\d\d)?"
)
_STEP = re.compile(r"\$\.steps\[(\d+)\]")


class ScenarioError(OperatorError):
    """A scenario file can't be understood; the message names file, line and step."""


def read_scenario(text: str, name: str) -> Scenario:
    """The scenario in ``text``; ``name`` is the file's, for messages.

    Raises:
        ScenarioError: it is not YAML, or a key or value is unknown.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(
            "error.scenario_yaml", name=name, line=line, problem=error.problem
        ) from error
    except yaml.YAMLError as error:
        raise ScenarioError("error.scenario_no_yaml", name=name, problem=error) from error
    if not isinstance(root, yaml.MappingNode):
        raise ScenarioError("error.scenario_empty", name=name)
    reader = _Reader(name, root)
    try:
        return msgspec.convert(reader.plain(root, "$"), type=Scenario, strict=False)
    except msgspec.ValidationError as error:
        raise reader.error_at(error) from error


@dataclass(slots=True)
class _Spot:
    """The last date read so far, for times that are written without a date."""

    day: date | None = None


class _Reader:
    """Turns YAML nodes into plain values, as their keys demand, and knows their lines."""

    def __init__(self, name: str, root: yaml.MappingNode) -> None:
        self._name, self._root, self._spot = name, root, _Spot()
        self._zone = ZoneInfo(self._timezone())
        self._ids, self._names = self._people()
        self._readers = {
            **dict.fromkeys(("first_visit", "family", "contacted"), self._answer),
            **dict.fromkeys(("excused", "exclusive", "turn_used"), self._flag),
            **dict.fromkeys(("has_left", "received", *_SWITCHES), self._flag),
            **dict.fromkeys(("at", "from", "to", "arrives", "until"), self._moment),
            **dict.fromkeys(("consultant", "for", "by", "host", "owner"), self._person),
            **dict.fromkeys(("order", "duty", "expect_queue"), self._person),
        }

    def plain(self, node: yaml.Node, path: str, key: str = "") -> Any:
        """``node`` as text, lists and dicts; names and times are put into stored form."""
        if isinstance(node, yaml.MappingNode):
            found = {
                name.value: self.plain(value, f"{path}.{name.value}", name.value)
                for name, value in self._pairs(node, path)
            }
            is_step = _STEP.fullmatch(path)
            return found | {"yaml_line": node.start_mark.line + 1} if is_step else found
        if isinstance(node, yaml.SequenceNode):
            return [
                self.plain(value, f"{path}[{index}]", key) for index, value in enumerate(node.value)
            ]
        if node.tag == "tag:yaml.org,2002:null":
            return None
        read = self._readers.get(key)
        try:
            return read(str(node.value).strip()) if read else str(node.value)
        except (OperatorError, ValueError) as error:
            raise self._error(node, path, sentence_of(error)) from error

    def error_at(self, error: msgspec.ValidationError) -> ScenarioError:
        """What msgspec or a struct of ours reports, with the file's line that it means."""
        found = re.search(r" - at `(.*?)`$", str(error))
        path = found.group(1) if found else "$"
        node: yaml.Node = self._root
        for part in re.findall(r"\.([\w-]+)|\[(\d+|\.\.\.)\]", path):
            node = self._below(node, *part)
        said = sentence_of(error)
        if isinstance(said, Sentence):
            field = str(said.values.get("field", ""))
            return self._error(self._below(node, field, ""), path, said)
        said = re.sub(r" - at `.*`$", "", said)
        if key := re.search(r"\.(\w+)(?:\[[\d.]+\])?$", path):
            said = f"`{key.group(1)}`: {said}"
        if unknown := re.search(r"unknown field `(.+?)`", said):
            node = self._key_node(node, unknown.group(1))
        return self._error(node, path, Sentence("error.scenario_value", problem=said))

    def _error(self, node: yaml.Node, path: str, problem: str) -> ScenarioError:
        step = _STEP.match(path)
        if not isinstance(problem, Sentence):
            problem = f"{problem.removesuffix('.')}."
        place = {"name": self._name, "line": node.start_mark.line + 1, "problem": problem}
        if step is None:
            return ScenarioError("error.scenario_line", **place)
        return ScenarioError("error.scenario_step", step=int(step.group(1)) + 1, **place)

    def _below(self, node: yaml.Node, key: str, index: str) -> yaml.Node:
        if isinstance(node, yaml.SequenceNode) and index.isdigit():
            below: yaml.Node = node.value[int(index)]
            return below
        if isinstance(node, yaml.MappingNode):
            return next((value for name, value in node.value if name.value == key), node)
        return node

    def _key_node(self, node: yaml.Node, key: str) -> yaml.Node:
        if isinstance(node, yaml.MappingNode):
            return next((name for name, _ in node.value if name.value == key), node)
        return node

    def _pairs(
        self, node: yaml.MappingNode, path: str
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        seen: set[str] = set()
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise self._error(name, path, Sentence("error.scenario_key"))
            if name.value in seen:
                twice = Sentence("error.scenario_twice", key_name=name.value)
                raise self._error(name, path, twice)
            seen.add(name.value)
            yield name, value

    def _timezone(self) -> str:
        site = self._below(self._root, "site", "")
        zone = self._below(site, "timezone", "") if site is not self._root else site
        name = zone.value if isinstance(zone, yaml.ScalarNode) else Policy().timezone
        try:
            return Policy(timezone=name).timezone
        except ValueError as error:
            raise self._error(zone, "$.site.timezone", str(error)) from error

    def _people(self) -> tuple[set[str], dict[str, list[str]]]:
        listed = self._below(self._root, "consultants", "")
        ids: set[str] = set()
        names: dict[str, list[str]] = {}
        for node in listed.value if isinstance(listed, yaml.SequenceNode) else ():
            who = str(self._below(node, "id", "").value)
            if who in ids:
                raise self._error(node, "$", Sentence("error.scenario_same_id", who=who))
            ids.add(who)
            names.setdefault(str(self._below(node, "name", "").value), []).append(who)
        return ids, names

    def _answer(self, text: str) -> str:
        return _ANSWERS.get(text.lower(), text.lower())

    def _flag(self, text: str) -> bool:
        if text.lower() in _TRUE:
            return True
        if text.lower() in _FALSE:
            return False
        raise OperatorError("error.scenario_flag", text=text)

    def _person(self, text: str) -> str:
        if text in self._ids or text == MANAGER:
            return text
        if len(self._names.get(text, ())) == 1:
            return self._names[text][0]
        known = ", ".join(sorted(self._ids))
        raise OperatorError("error.scenario_person", text=text, known=known)

    def _moment(self, text: str) -> str:
        """Site time with its offset; ``24:00`` ends a day, a mere time is on the last date read."""
        found = _MOMENT.fullmatch(text)
        day = date.fromisoformat(found[1]) if found and found[1] else self._spot.day
        if found is None or day is None or int(found[2]) > 24:
            raise OperatorError("error.scenario_moment", text=text)
        self._spot.day = day
        past = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
        moment = datetime.combine(day, time(), ZoneInfo("UTC")) + past
        if found[5]:
            return moment.replace(tzinfo=None).isoformat() + found[5]
        return moment.replace(tzinfo=self._zone).isoformat()
