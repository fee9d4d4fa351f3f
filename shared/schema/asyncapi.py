"""The table of topics as an AsyncAPI 3 document, for tools that draw, check or generate from it."""

from collections.abc import Iterator
from typing import Any

from shared.messages import Say
from shared.topics import ROUTES, Party, Route, placeholders

SITE = "The site's name, as every topic has it."


def document() -> dict[str, Any]:
    """Everything that crosses MQTT, as the hub sees it: what it receives, and what it sends."""
    kinds = sorted({route.message for route in ROUTES}, key=lambda kind: kind.__name__)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Yingbin",
            "version": "1",
            "description": "What gates, tablets, phones, the hub and the building say to each "
            "other over MQTT 3.1.1, with QoS 1. Unknown fields are ignored.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_name(route): _channel(route) for route in ROUTES},
        "operations": dict(_operations()),
        "components": {"messages": {kind.__name__: _message(kind) for kind in kinds}},
    }


def _name(route: Route) -> str:
    return route.at("site").translate({ord("/"): ".", ord("{"): None, ord("}"): None})


def _channel(route: Route) -> dict[str, Any]:
    kind = route.message.__name__
    wanted = {"site": SITE} | {
        name: f"`{name}` of the message." for name in placeholders(route.pattern)
    }
    said = f"Written by {_listed(route.writers)}; read by {_listed(route.readers)}."
    if route.only:
        said += " Only where " + ", ".join(f"`{k}` is `{v}`" for k, v in route.only.items()) + "."
    return {
        "address": route.at("{site}"),
        "description": said,
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"}},
        "parameters": {name: {"description": text} for name, text in wanted.items()},
    }


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for route in ROUTES:
        for action, parties in (("receive", route.readers), ("send", route.writers)):
            if Party.HUB in parties:
                yield f"{action}.{_name(route)}", _operation(action, route)


def _operation(action: str, route: Route) -> dict[str, Any]:
    mqtt = {"qos": 1, "retain": route.is_retained, "bindingVersion": "0.2.0"}
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{_name(route)}"},
        "bindings": {"mqtt": mqtt},
    }


def _message(kind: type) -> dict[str, Any]:
    name, said = kind.__name__, " ".join((kind.__doc__ or "").split())
    if kind is Say:
        plain = {"contentType": "text/plain", "payload": {"type": "string"}}
        return {"name": name, "description": said, **plain}
    return {"name": name, "description": said, "payload": {"$ref": f"./{name}.schema.json"}}


def _listed(parties: frozenset[Party]) -> str:
    return ", ".join(sorted(parties)) or "nobody"
