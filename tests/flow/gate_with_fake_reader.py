"""The gate program with a reader that reads every picture as one plate: ``… --config FILE``."""

import sys
from unittest.mock import patch

from gate.__main__ import main
from tests.gate.cars import FakeEngine, plate

if __name__ == "__main__":
    engine = FakeEngine({90: [plate("浙A88888", 0.8)]})
    with patch("gate.running.watching.open_engine", return_value=engine):
        sys.exit(main(sys.argv[1:]))
