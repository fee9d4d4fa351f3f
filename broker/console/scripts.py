"""Which modules a page's script imports, so that the page asks for all of them at once.

Else a browser learns of each only from the one before: five ways to the hub and back, one after
the other.
"""

import re
from functools import cache
from pathlib import Path, PurePosixPath

STATIC = Path(__file__).parent / "static"
_IMPORTED = re.compile(r'^(?:import|export)\b(?:[^;"]*?\bfrom)?\s*"(\./[^"]+)"', re.MULTILINE)


@cache
def imported_by(script: str) -> tuple[str, ...]:
    """The files that ``script`` imports and that those import; each is named as below ``static``.

    What a page imports later by itself (``import()``) is not among them.
    """
    found = [script]
    for name in found:
        folder = PurePosixPath(name).parent
        source = (STATIC / name).read_text(encoding="utf-8")
        asked = (str(folder / way) for way in _IMPORTED.findall(source))
        found += [each for each in dict.fromkeys(asked) if each not in found]
    return tuple(found[1:])
