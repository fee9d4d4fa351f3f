"""A short round of the MQTT checks: what the embedded server does not get from amqtt."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench import mqtt_conformance as checks
from tests.bench import mqtt_wire
from tests.servers import mqtt_server


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("mqtt")
    with mqtt_server(folder, "embedded", mqtt_wire.ACCOUNTS) as server:
        yield server.port


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (mqtt_wire, checks):
        monkeypatch.setattr(module, "QUIET_S", 0.3)


@pytest.mark.parametrize(
    "check",
    [
        *(checks.quality, checks.overlapping, checks.subscribed_again, checks.queued),
        *(checks.redelivered, checks.half_way, checks.taken_over),
    ],
)
def test_the_embedded_server_does_as_the_standard_says(
    port: int, check: Callable[[int], bool]
) -> None:
    assert check(port)
