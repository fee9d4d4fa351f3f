"""Known advisories against what the locks install, as the package index tells them to pip-audit.

python -m tests.bench.audit

Needs an index with advisory data; a package that it cannot tell of is not clean, but unknown.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock")
_ASKED = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")


class _Advisory(msgspec.Struct):
    id: str
    fix_versions: tuple[str, ...] = ()


class _Package(msgspec.Struct):
    name: str
    version: str = ""
    vulns: tuple[_Advisory, ...] = ()
    skip_reason: str | None = None


class _Report(msgspec.Struct):
    dependencies: tuple[_Package, ...]


@dataclass(frozen=True, slots=True)
class Audited:
    """What pip-audit says of a lock."""

    clean: tuple[str, ...]
    unknown: tuple[str, ...]
    """Of these the index tells nothing."""
    vulnerable: tuple[str, ...]
    """Each with its advisories, and the versions that mend them."""

    @property
    def is_clean(self) -> bool:
        """Whether something is known of each package, and nothing bad."""
        return bool(self.clean) and not self.unknown and not self.vulnerable


def audited(report: bytes) -> Audited:
    """What pip-audit's JSON says."""
    found = msgspec.json.decode(report, type=_Report).dependencies
    unknown = tuple(package.name for package in found if package.skip_reason is not None)
    vulnerable = tuple(
        f"{package.name} {package.version}: {advisory.id}, mended in "
        f"{' or '.join(advisory.fix_versions) or 'no release yet'}"
        for package in found
        for advisory in package.vulns
    )
    told_of = [package for package in found if package.skip_reason is None]
    clean = tuple(package.name for package in told_of if not package.vulns)
    return Audited(clean, unknown, vulnerable)


def main(words: list[str]) -> int:
    argparse.ArgumentParser(description=__doc__).parse_args(words)
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "bin", "python")
        install = (str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check")
        subprocess.run([*install, "pip-audit"], check=True)
        for lock in LOCKS:
            asked = [str(python), "-m", "pip_audit", "--requirement", str(ROOT / lock), *_ASKED]
            done = subprocess.run(asked, stdout=subprocess.PIPE, check=False)
            found = audited(done.stdout)
            counts = f"{len(found.clean)} clean, {len(found.unknown)} of which nothing is known"
            print(
                f"{lock}: {counts}, {len(found.vulnerable)} advisories",
                *found.vulnerable,
                sep="\n  ",
            )
            status |= not found.is_clean
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
