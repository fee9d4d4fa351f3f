"""Draws values that fit a JSON Schema, as far as the schemas of our messages go."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeAlias

from hypothesis import strategies as st

Drawn: TypeAlias = st.SearchStrategy[Any]
FIRST, AFTER = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2000, 2200))
OFFSETS = (UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=11, minutes=30)))
MOMENTS = st.one_of(
    st.datetimes(FIRST, AFTER - timedelta(microseconds=1), timezones=st.sampled_from(OFFSETS)).map(
        datetime.isoformat
    ),
    st.sampled_from(["2000-02-29T00:00:00Z", "2199-12-31T23:59:59.999999Z"]),
)
"""By their pattern they would be drawn too, but slowly."""
SIGNS = st.characters(exclude_categories=["Cs"])
MOST_ITEMS = 4


def fitting(schema: Mapping[str, Any], whole: Mapping[str, Any] | None = None) -> Drawn:
    """Values that fit ``schema``, a part of the schema ``whole``.

    Raises:
        KeyError: it says something that is not known here.
    """
    whole = whole or schema
    if "$ref" in schema:
        return fitting(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*(fitting(each, whole) for each in schema["anyOf"]))
    return _OF_TYPE[schema["type"]](schema, whole)


def _text(schema: Mapping[str, Any], _: Mapping[str, Any]) -> Drawn:
    if schema.get("format") == "date-time":
        return MOMENTS
    if "pattern" in schema:
        return st.from_regex(schema["pattern"])
    return st.text(SIGNS, min_size=schema.get("minLength", 0), max_size=schema.get("maxLength"))


def _whole(schema: Mapping[str, Any], _: Mapping[str, Any]) -> Drawn:
    return st.integers(schema.get("minimum"), schema.get("maximum"))


def _number(schema: Mapping[str, Any], _: Mapping[str, Any]) -> Drawn:
    return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False)


def _array(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Drawn:
    least = schema.get("minItems", 0)
    most = min(schema.get("maxItems", MOST_ITEMS), least + MOST_ITEMS)
    return st.lists(fitting(schema["items"], whole), min_size=least, max_size=most)


def _object(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Drawn:
    if "properties" not in schema:
        keys = _text(schema.get("propertyNames", {}), whole)
        return st.dictionaries(
            keys, fitting(schema["additionalProperties"], whole), max_size=MOST_ITEMS
        )
    drawn = {name: fitting(part, whole) for name, part in schema["properties"].items()}
    needed = {name: drawn.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional=drawn)


_OF_TYPE: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Drawn]] = {
    "string": _text,
    "integer": _whole,
    "number": _number,
    "array": _array,
    "object": _object,
    "boolean": lambda _schema, _whole: st.booleans(),
    "null": lambda _schema, _whole: st.none(),
}
