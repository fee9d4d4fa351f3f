"""A patient whose hub measured what a test says."""

from collections.abc import Callable, Iterator
from typing import cast

from broker.doctor.finding import Finding
from broker.doctor.patient import Patient
from broker.doctor.said import said
from broker.health.site_figures import Figures, NodeFigures
from broker.mqtt_server.accounts import Account
from shared.messages import NodeKind
from shared.words import LANGUAGES
from tests.fakes import NINE

Look = Callable[[Patient], Iterator[Finding]]


def figures(**measured: object) -> Figures:
    """Of a site that is open, at nine."""
    usual = {"at": NINE, "version": "0.5.0", "up_s": 60.0, "is_open": True}
    return Figures(**(usual | measured))  # type: ignore[arg-type]


def node(kind: NodeKind, node_id: str, **told: object) -> NodeFigures:
    """One that is online and well, but for what is ``told``."""
    usual = {"name": node_id, "is_online": True, "seen_at": NINE, "version": "0.5.0"}
    return NodeFigures(kind=kind, node_id=node_id, **(usual | told))  # type: ignore[arg-type]


def found(look: Look, measured: Figures, accounts: tuple[Account, ...] = ()) -> list[str]:
    """Condition and key of what a check finds; all of it can be said in each language."""
    patient = Patient(
        folder=cast("object", None),  # type: ignore[arg-type]
        clock=lambda: NINE,
        hub=None,
        mqtt=None,
        people=None,
        policy=None,
        accounts=accounts,
        edges={},
        troubles=(),
        figures=measured,
    )
    findings = list(look(patient))
    for finding in findings:
        for tag in LANGUAGES:
            told = said(finding, tag)
            assert told.what
            assert told.do
    return [f"{finding.condition} {finding.key}" for finding in findings]
