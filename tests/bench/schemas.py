"""Our schemas as others read them: strict ajv, AsyncAPI's parser, models in TypeScript and Python.

    python -m tests.bench schemas

Installs the tools into ``build/schemas`` (npm with Node.js 18 or newer, pip). Each golden sample
must fit its schema there, and the models that are generated from it.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from shared import schema
from tests.bench import npm
from tests.site import ROOT

PLACE = ROOT / "build" / "schemas"
NPM = (
    *("@asyncapi/parser@3.6.6", "ajv@8.20.0", "ajv-formats@3.0.1"),
    *("json-schema-to-typescript@16.0.0", "typescript@7.0.2"),
)
PIP = ("datamodel-code-generator==0.89.0", "pydantic==2.14.4")
FOLDER = Path(schema.__file__).parent
READ = """
import importlib, json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.glob("*.sample.json")):
    name = path.name.partition(".")[0]
    model = getattr(importlib.import_module(f"model_{name.lower()}"), name)
    model.model_validate_json(path.read_text(encoding="utf-8"))
    print(name)
"""


def install() -> Path:
    """Install what reads the schemas; the Python that has it."""
    PLACE.mkdir(parents=True, exist_ok=True)
    npm.install(PLACE, *NPM)
    shutil.copy(Path(__file__).with_suffix(".mjs"), PLACE / "schemas.mjs")
    python = PLACE / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(PLACE / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-qq", *PIP], check=True)
    return python


def in_typescript(out: Path) -> list[str]:
    """What strict ajv, AsyncAPI's parser and TypeScript have against them."""
    node = ["node", str(PLACE / "schemas.mjs"), str(FOLDER), str(out)]
    found = json.loads(subprocess.run(node, check=True, capture_output=True, text=True).stdout)
    tsc = [
        str(PLACE / "node_modules/.bin/tsc"),
        "--noEmit",
        "--strict",
        *map(str, out.glob("*.ts")),
    ]
    ran = subprocess.run(tsc, check=False, capture_output=True, text=True)
    return [*found["problems"], *ran.stdout.splitlines()]


def in_python(python: Path, out: Path) -> list[str]:
    """What pydantic's models have against the golden samples."""
    for path in sorted(FOLDER.glob("*.schema.json")):
        name = path.name.partition(".")[0]
        made = ["--output", str(out / f"model_{name.lower()}.py"), "--class-name", name]
        kinds = ["--input-file-type=jsonschema", "--output-model-type=pydantic_v2.BaseModel"]
        tool = [str(python), "-m", "datamodel_code_generator"]
        command = [*tool, "--input", str(path), *kinds, *made]
        subprocess.run(command, check=True, capture_output=True)
    ran = subprocess.run(
        [python, "-c", READ, FOLDER], cwd=out, check=False, capture_output=True, text=True
    )
    return [] if ran.returncode == 0 else ran.stderr.splitlines()[-3:]


def main() -> int:
    """Print what is wrong; 1 if something is."""
    python = install()
    with tempfile.TemporaryDirectory() as folder:
        problems = [*in_typescript(Path(folder)), *in_python(python, Path(folder))]
    print(*problems, sep="\n" if problems else "")
    count = len(list(FOLDER.glob("*.schema.json")))
    print(f"{count} schemas and the AsyncAPI document: {len(problems)} problems")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
