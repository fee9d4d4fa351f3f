"""The habits of CONTRIBUTING.md that no linter knows, kept by a test."""

import ast
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.kept_files import kept_files

ROOT = Path(__file__).parent.parent
PACKAGES = ("shared", "gate", "kiosk", "broker")
MODULE_LINES = 300
FUNCTION_LINES = 40
MAIN_LINES = 80
ROOT_MODULES = 8
OF_EVERY_PACKAGE = {"__init__", "__main__", "app", "settings"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

TESTS = sorted((ROOT / "tests").rglob("*.py"))
PRODUCT = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
PRODUCT += [path for path in [ROOT / "yingbin.py"] if path.exists()]
MODULES = sorted([*PRODUCT, *TESTS])

# Written in parts, so that this file does not find itself.
TIED_TO_A_PLACE = [
    "/wo" + "rk/",
    "../sha" + "red/",
    "py" + "pi.org",
    "python" + "hosted",
    "npm" + "js.org",
    "registry." + "npm",
    "deb." + "debian",
    "pi" + "wheels",
    "/opt/" + "pypi",
    "/opt/" + "wheels",
]
"""Folders of somebody's machine, and hosts of registries: each installer has others."""

SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bsk-[A-Za-z0-9_-]{24,}|\bAccessKeySecret\b"
)
PHONE = re.compile(r"(?<![\w.-])1[3-9]\d{9}(?![\w.-])")
"""A number that could be a person's mobile."""

OF_THE_PRODUCT = ("yingbin.py", *(f"{name}/" for name in PACKAGES))
VENDORED = ("broker/console/static/vendor/", "kiosk/static/vendor/")

CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
HOLDS_CHINESE = {
    "shared/keys.py": "a plate as an example",
    "shared/name.py": "the titles behind a name",
    "shared/plate.py": "the characters of plates",
    "shared/privacy.py": "how a plate is found in a text",
    "shared/words.py": "the languages' own names",
    "gate/vendors/read.py": "what cameras write for no plate",
    "gate/vendors/signs.py": "what cameras call themselves",
    "gate/training/": "the plates, signs and stickers that are drawn",
    "kiosk/plate_keys.py": "the keys for a plate's characters",
    "broker/console/static/handheld/plate_keys.js": "the keys for a plate's characters",
    "broker/console/specimen.py": "whom the drawn cards are about",
    "broker/journal/mentions.py": "how a plate is found in a text",
    "broker/hub/demo_visitors.py": "the demo's visitors",
    "broker/launch/demo.py": "the demo's people",
    "broker/rules/han.py": "which characters are the same",
    "broker/rules/match.py": "how names are written and sound",
    "broker/wording/speech.py": "how a plate is found in a text",
    "broker/store/schema.py": "the words that an older release stored",
}
"""Modules and folders that are tables of plates, names or sounds; sentences stand in catalogues."""
SCRIPT_PART = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""",
    re.DOTALL,
)


def texts() -> list[tuple[str, str]]:
    """Name and text of each file that git keeps or would keep, other people's scripts left out."""
    found = []
    for name in kept_files():
        path = ROOT / name
        if name.startswith(VENDORED) or b"\0" in path.read_bytes()[:8000]:
            continue
        found.append((name, path.read_text(encoding="utf-8", errors="replace")))
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def at(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node).splitlines()[0]}"


def test_no_class_name_comes_twice_in_the_hub() -> None:
    names = [
        node.name
        for path in (ROOT / "broker").rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    ]
    assert twice(names) == []


@pytest.mark.parametrize("program", PACKAGES)
def test_no_module_name_comes_twice_in_a_program(program: str) -> None:
    names = [path.stem for path in (ROOT / program).rglob("*.py")]
    assert twice(name for name in names if name not in OF_EVERY_PACKAGE) == []


@pytest.mark.parametrize("program", ["broker", "gate"])
def test_few_modules_stand_beside_the_rooms(program: str) -> None:
    assert len(list((ROOT / program).glob("*.py"))) <= ROOT_MODULES


def twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_modules_stay_short() -> None:
    """Split a longer one by what it is responsible for."""
    limit = {path: MAIN_LINES if path.name == "__main__.py" else MODULE_LINES for path in MODULES}
    assert [path for path in MODULES if path.read_bytes().count(b"\n") > limit[path]] == []


def test_functions_stay_short() -> None:
    """Give a part of a longer one a name."""
    functions = (
        (path, node)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    too_long = [
        at(path, node)
        for path, node in functions
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert too_long == []


def test_a_module_is_named_after_what_it_knows() -> None:
    names = {path: {path.stem, *path.relative_to(ROOT).parts} for path in MODULES}
    assert [path for path in MODULES if names[path] & FORBIDDEN_NAMES] == []


def test_importing_a_module_does_no_work() -> None:
    """Work is done in functions."""

    def does_work(node: ast.stmt) -> bool:
        is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        return is_call or isinstance(node, ast.For | ast.While | ast.With)

    found = [
        at(path, statement)
        for path in PRODUCT
        for statement in parsed(path).body
        if does_work(statement)
    ]
    assert found == []


def test_what_tests_share_stands_in_a_module_of_its_own() -> None:
    found = [
        at(path, node)
        for path in TESTS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and ".test_" in f".{node.module}"
    ]
    assert found == []


def test_tests_ask_a_thing_what_it_says_and_never_look_inside() -> None:
    """Only ``self.`` may stand before a private attribute."""
    found = [
        at(path, node)
        for path in TESTS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and re.match(r"_(?!_)", node.attr)
        and ast.unparse(node.value) not in ("self", "cls", "os")  # os._exit is a public name
    ]
    assert found == []


def test_no_file_names_somebody_s_own_folder_or_a_registry() -> None:
    named = [(name, word) for name, text in texts() for word in TIED_TO_A_PLACE if word in text]
    assert named == []


def test_no_file_holds_a_secret() -> None:
    assert [name for name, text in texts() if SECRETS.search(text)] == []


def test_no_page_loads_anything_from_elsewhere() -> None:
    """A site without the Internet must look the same."""
    foreign = re.compile(r"""(?:src|href|url|import)\s*[=(]?\s*["'(]\s*(?:https?:)?//""")
    pages = [(name, text) for name, text in texts() if name.endswith((".html", ".css", ".js"))]
    assert [name for name, text in pages if foreign.search(text)] == []


def test_phone_numbers_in_the_repository_are_invented() -> None:
    seen = {
        number
        for name, text in texts()
        if not name.endswith((".lock", "package-lock.json"))
        for number in PHONE.findall(text)
    }
    assert {number for number in seen if not is_seen_to_be_invented(number)} == set()


def is_seen_to_be_invented(number: str) -> bool:
    return "000" in number or bool(re.search(r"(\d)\1{3}|12345|54321", number))


def test_text_files_end_with_a_line_end_and_hold_no_carriage_return() -> None:
    wrong = [name for name, text in texts() if text and (not text.endswith("\n") or "\r" in text)]
    assert wrong == []


def test_what_people_read_stands_in_a_catalogue_and_not_in_the_source() -> None:
    sources = [(name, text) for name, text in texts() if name.startswith(OF_THE_PRODUCT)]
    found = {name for name, text in sources if CHINESE.search(said_by(name, text))}
    tables = tuple(HOLDS_CHINESE)
    assert [name for name in sorted(found) if not name.startswith(tables)] == []
    assert [table for table in tables if not any(name.startswith(table) for name in found)] == []


def said_by(name: str, text: str) -> str:
    """The source without comments and docstrings, an attribute's too."""
    if name.endswith(".js"):
        return SCRIPT_PART.sub(lambda part: "" if part["comment"] else part[0], text)
    if not name.endswith(".py"):
        return ""
    tree = ast.parse(text)
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings
    )


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("a.py", '"""迎宾"""\n# 迎宾\nx = 1\n"""迎宾"""\n', False),
        ("a.py", 'x = f"{1} 到访"\n', True),
        ("a.js", "// 到访\n/* 到访\n */ const a = 'http://b'; // 到访\n", False),
        ("a.js", "const a = `http://${b} 到访`; // c\n", True),
    ],
)
def test_comments_may_be_chinese_and_what_is_said_is_found(
    name: str, source: str, said: bool
) -> None:
    assert bool(CHINESE.search(said_by(name, source))) is said
