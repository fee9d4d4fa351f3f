"""ARCHITECTURE.md and its picture show the rooms as they are; documents name only what exists."""

import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PICTURE = ROOT / ".github" / "pictures" / "rooms.svg"
DOCUMENTS = [*ROOT.glob("*.md"), ROOT / "gate" / "models" / "MODEL_CARD.md"]
PATH = re.compile(r"\b(?:broker|gate|kiosk|shared|tests|systemd)/[\w/.-]*\w")
SVG = "{http://www.w3.org/2000/svg}"


def floors_in_contract(program: str) -> list[set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each.get("containers") == [program])
    return [set(layer.split(" | ")) for layer in layers]


def floors_in_picture(program: str) -> list[set[str]]:
    (group,) = (each for each in ET.parse(PICTURE).iter(f"{SVG}g") if each.get("id") == program)
    lines = [each.text or "" for each in group.iter(f"{SVG}text") if each.get("class") == "room"]
    floors = "\n".join(lines).replace(" ·\n", " · ").split("\n")
    return [set(floor.split(" · ")) for floor in floors]


@pytest.mark.parametrize("program", ["gate", "kiosk", "broker", "shared"])
def test_the_picture_shows_the_floors_of_the_contract(program: str) -> None:
    assert floors_in_picture(program) == floors_in_contract(program)


def test_every_module_and_room_that_the_text_names_exists() -> None:
    quoted = re.findall(r"`([^`\n]+)`", TEXT)
    named = {name for name in quoted if name == name.lower() and " " not in name}
    assert len(named) > 40
    assert {name for name in named if not exists(name)} == set()


def exists(name: str) -> bool:
    """Whether there is such a file or folder, or a module of the hub."""
    places = (ROOT / name, ROOT / "broker" / name)
    return any(place.exists() or place.with_suffix(".py").exists() for place in places)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert {name for name in PATH.findall(text) if not (ROOT / name).exists()} == set()
