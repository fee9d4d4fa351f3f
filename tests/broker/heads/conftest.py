from pathlib import Path

import pytest

from tests.broker.backup.office import Office, cars, set_up_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A site with a morning's journal, and no hub at work."""
    office = set_up_office(tmp_path)
    with office.at_work() as hub:
        cars(hub, range(1, 8))
    return office
