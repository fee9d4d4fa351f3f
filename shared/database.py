"""sqlite-utils as our programs use it: without NumPy, which it loads if it finds it.

It knows NumPy's types then, of which we store none; that is 12 MB in the hub, in the kiosk and in
each command. Who needs NumPy loads it later as ever.
"""

import sys
from importlib import import_module

if "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # makes an import of it fail
    try:
        import_module("sqlite_utils.db")
    finally:
        del sys.modules["numpy"]

from sqlite_utils import Database, Migrations
from sqlite_utils.db import NotFoundError

__all__ = ["Database", "Migrations", "NotFoundError"]
