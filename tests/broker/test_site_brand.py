"""The house's brand as ``site.toml`` has it, and what tablets and pages make of it."""

from pathlib import Path

import pytest
from flask import Flask

from broker.site_file import SiteBrand, SitePeople
from shared.config import read_config
from shared.errors import ConfigError
from shared.look import style_of, wear
from shared.messages import Brand

PEOPLE = 'order = ["li"]\n[[staff]]\nid = "li"\nname = "李敏"\nroles = ["consultant"]\npin = "11"\n'


def read(folder: Path, brand: str) -> SitePeople:
    file = folder / "site.toml"
    file.write_text(f"{PEOPLE}[brand]\n{brand}\n", encoding="utf-8")
    return read_config(SitePeople, file)


def test_the_name_and_colours_reach_the_tablets(tmp_path: Path) -> None:
    told = read(tmp_path, 'colour = "#7a1f2b"\nzh-CN = "云栖湾"\nen = "Cloud Bay"').brand.told()
    assert (told.named_in("zh-CN"), told.named_in("en")) == ("云栖湾", "Cloud Bay")
    assert told.named_in("zh-TW") is None
    assert "--action:#7a1f2b;" in style_of(told)


def test_a_colour_that_nobody_could_read_is_refused_with_one_that_can_be_read(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, 'second = "#e8c88a"')
    said = refused.value.sentence.in_language("zh-CN")
    assert "brand.second" in said
    proposal = said.split("例如 ")[1][:7]
    assert SiteBrand(second=proposal).second == proposal


def test_a_site_without_a_brand_looks_as_every_house(tmp_path: Path) -> None:
    assert SitePeople(staff=(), order=()).brand.told() == Brand()
    assert style_of(Brand()) == ""


def test_only_the_brand_s_own_files_are_handed_out(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "li.jpg").write_bytes(b"a portrait")
    app = Flask("brand")
    wear(app, lambda: Brand(logo="logo.svg"), str(tmp_path))
    browser = app.test_client()
    with browser.get("/look/brand/logo.svg") as answer:
        assert answer.status_code == 200
    for other in ("li.jpg", "..%2fsite.toml", "welcome.jpg"):
        assert browser.get(f"/look/brand/{other}").status_code == 404
