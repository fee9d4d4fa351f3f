from pathlib import Path

import pytest

from tests.broker.backup.office import Office, set_up_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return set_up_office(tmp_path)
