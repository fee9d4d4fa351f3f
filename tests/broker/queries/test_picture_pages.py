"""A manager brings the logo and people's pictures: they are shown; an evil file is not kept."""

import re
from io import BytesIO

from werkzeug.test import TestResponse

from tests.settings_rig import Manager, SettingsRig, forms_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
EVIL = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def brought(manager: Manager, path: str, content: bytes, name: str = "a.png") -> TestResponse:
    token = re.search(r'name="csrf" value="([^"]+)"', manager.get("/login").text)
    assert token
    to = f"/settings/picture/{path}"
    page = "/settings/house" if path.startswith("brand") else f"/settings/people/{path[7:]}"
    seen = next((fields for at, fields in forms_in(manager.get(page).text) if at == to), {})
    data = {**seen, "csrf": token[1], "picture": (BytesIO(content), name)}
    return manager.client.post(to, data=data, content_type="multipart/form-data")


def test_the_logo_is_shown_everywhere_and_taken_back_like_any_change(
    rig: SettingsRig, manager: Manager
) -> None:
    assert brought(manager, "brand/logo", PNG).status_code == 303
    logo = rig.hub.people.brand.logo
    assert logo is not None
    assert f"/look/brand/{logo}" in manager.get("/settings/house").text
    with rig.app.test_client().get(f"/look/brand/{logo}") as shown:
        assert shown.data == PNG
    roster = rig.hub.roster()
    assert roster.brand is not None
    assert roster.brand.logo == logo
    assert (rig.folder / "pictures" / logo).stat().st_mode & 0o044 == 0o044
    change = rig.site.settings.changes()[0].change_id
    assert manager.post(f"/settings/take-back/{change}", {}).status_code == 303
    assert rig.hub.people.brand.logo is None
    rig.assert_sound()


def test_a_person_gets_a_picture_and_keeps_the_rest(rig: SettingsRig, manager: Manager) -> None:
    before = rig.hub.people.person("li")
    assert before is not None
    assert brought(manager, "person/li", PNG).status_code == 303
    after = rig.hub.people.person("li")
    assert after is not None
    assert (after.name, after.roles) == (before.name, before.roles)
    assert after.picture is not None
    assert (rig.folder / "pictures" / after.picture).read_bytes() == PNG
    assert brought(manager, "person/nobody", PNG).status_code == 404


def test_what_is_no_harmless_picture_is_refused_and_not_kept(
    rig: SettingsRig, manager: Manager
) -> None:
    before = rig.changes()
    for content, name in ((EVIL, "logo.svg"), (EVIL, "logo.png"), (b"", "a.png"), (b"x", "a.png")):
        refused = brought(manager, "brand/logo", content, name)
        assert refused.status_code == 422
        assert "图片" in refused.text
    assert brought(manager, "brand/colour", PNG).status_code == 404
    assert rig.by_code("li").post("/settings/picture/brand/logo", {}).status_code == 403
    assert not list(rig.folder.glob("pictures/*"))
    assert rig.changes() == before
