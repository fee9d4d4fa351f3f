"""Random mornings of one hub and one tablet: does the tablet ever promise more than is true?

python -m tests.bench promises [--mornings 10000] [--first 0]

Each morning visitors check in, phones come and go, people claim, pass on, leave, come back; after
each step every tablet is held against what happened. Stops at the first word that is not true.
"""

import argparse
import sys
from collections import Counter

from tests.flow.promises import mornings


def main() -> int:
    """Live through them; prints how often each page was shown."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--mornings", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    shown: Counter[str] = Counter()
    for pages in mornings(range(asked.first, asked.first + asked.mornings)):
        shown.update(pages)
    print(f"{asked.mornings} mornings, no untrue word; shown in: {dict(shown)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
