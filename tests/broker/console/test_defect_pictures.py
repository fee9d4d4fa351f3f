"""Pictures of a defect at the pages: what is taken, what is refused, and what is left of them."""

import io
from collections.abc import Mapping

import pytest
from PIL import Image as Pillow

from broker.console.brought_pictures import (
    MOST_BYTES,
    VISITORS_FORM_BYTES,
    NoPictureError,
    made_small,
)
from broker.console.one_picture import LONGEST_PX, MOST_KEPT_BYTES, small
from broker.rules.case_classes import MOST_PICTURES_OF_VISITOR
from shared.words import LANGUAGES
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_cases import A_JPEG, FakeCases
from tests.broker.console.fake_site import FakeSite
from tests.catalogues import table_of
from tests.defect_pictures import HIGH, MAKER, WIDE, bomb, crack, lying_down, saved

KINDS: Mapping[str, bytes] = {
    "as_a_phone_saves_it": lying_down(),
    "progressive": saved(crack(), "JPEG", progressive=True),
    "cmyk": saved(crack().convert("CMYK"), "JPEG"),
    "grey_png": saved(crack().convert("L"), "PNG"),
    "png_with_alpha": saved(crack().convert("RGBA"), "PNG"),
    "png_of_a_palette": saved(crack().convert("P"), "PNG"),
    "webp": saved(crack(), "WEBP"),
    "moving_webp": saved(crack(), "WEBP", save_all=True, append_images=[crack()]),
}
REFUSED: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "case.picture_kind"),
    "text": (b"hello", "case.picture_kind"),
    "gif": (saved(crack(), "GIF"), "case.picture_kind"),
    "tiff": (saved(crack(9, 9), "TIFF"), "case.picture_kind"),
    "drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "case.picture_kind"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "case.picture_kind"),
    "sound_that_begins_like_webp": (b"RIFF\x24\0\0\0WAVEfmt ", "case.picture_kind"),
    "only_the_head": (lying_down()[:40], "case.picture_kind"),
    "no_height": (bomb(100, 0), "case.picture_kind"),
    "bomb": (bomb(), "case.picture_large"),
    "too_many_bytes": (b"\xff\xd8\xff" + bytes(MOST_BYTES), "case.picture_large"),
    "says_less_than_it_is": (bomb(100, 100)[:60], "case.picture_damaged"),
}


@pytest.fixture
def cases(site: FakeSite) -> FakeCases:
    return site.cases


def read(content: bytes | None) -> Pillow.Image:
    assert content is not None
    return Pillow.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_phone_saves_becomes_a_small_bare_upright_jpeg(kind: str) -> None:
    made = small(KINDS[kind])
    picture = read(made)
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.size == (LONGEST_PX, LONGEST_PX * HIGH // WIDE)
    left, right = (
        picture.convert("L").getpixel((200, 400)),
        picture.convert("L").getpixel((1000, 400)),
    )
    assert (left, right) == (pytest.approx(40, abs=12), pytest.approx(200, abs=12))
    assert not picture.getexif()
    assert made is not None
    assert MAKER.encode() not in made
    assert b"Exif" not in made


def test_the_noisiest_picture_stays_within_its_bytes_and_a_small_one_is_not_made_larger() -> None:
    noise = Pillow.effect_noise((2600, 2600), 200).convert("RGB")
    made = small(saved(noise, "JPEG", quality=95))
    assert made is not None
    assert len(made) <= 2 * MOST_KEPT_BYTES
    assert read(small(saved(crack(30, 20), "PNG"))).size == (30, 20)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_picture_is_refused_with_what_to_do(kind: str) -> None:
    content, key = REFUSED[kind]
    with pytest.raises(NoPictureError) as refused:
        made_small(content)
    assert refused.value.key == key
    assert all(table_of("broker")[key][language] for language in LANGUAGES)


def sent(browser: Browser, path: str, *pictures: bytes, **fields: str) -> tuple[int, str]:
    """What the form brings, as a browser sends it; and the answer."""
    files = [(io.BytesIO(content), f"王先生{n}.jpg") for n, content in enumerate(pictures)]
    answer = browser.post(path, picture=files, **fields)  # type: ignore[arg-type]
    return answer.status_code, answer.text


def test_staff_and_visitors_bring_pictures_with_what_they_say(
    browser: Browser, consultant: Browser, cases: FakeCases
) -> None:
    assert sent(consultant, "/cases/new", lying_down(), kind="repair", text="灯坏了")[0] == 303
    status, page = sent(browser, "/feedback/show_flat", KINDS["webp"], text="墙裂了", lang="en")
    assert (status, 'data-testid="said"' in page) == (200, True)
    by_staff, by_visitor = cases.pictures
    assert [one.case_id for one in cases.opened] == [by_staff.case_id, by_visitor.case_id]
    assert (by_staff.staff_id, by_visitor.staff_id) == ("li", None)
    assert read(by_staff.content).size == read(by_visitor.content).size == (LONGEST_PX, 960)


def test_a_bad_picture_enters_nothing_and_loses_no_word(
    browser: Browser, consultant: Browser, cases: FakeCases
) -> None:
    said = table_of("broker")
    status, page = sent(consultant, "/cases/new", b"hello", kind="repair", text="灯坏了")
    assert (status, said["case.picture_kind"]["zh-CN"] in page, "灯坏了" in page) == (
        400,
        True,
        True,
    )
    for pictures, key in (
        ((bomb(),), "case.picture_large"),
        ((b"x",) * (MOST_PICTURES_OF_VISITOR + 1), "case.picture_many"),
    ):
        status, page = sent(browser, "/feedback/desk", *pictures, text="灯坏了", lang="en")
        assert (status, said[key]["en"] in page, "灯坏了" in page) == (400, True, True)
    assert (cases.opened, cases.pictures) == ([], [])


def test_a_visitor_s_form_is_bounded_and_says_what_to_do(
    browser: Browser, consultant: Browser, cases: FakeCases
) -> None:
    much = bytes(VISITORS_FORM_BYTES + 1)
    answer = browser.client.post("/feedback/desk", data=much, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert table_of("broker")["page.long"]["zh-CN"] in answer.text
    assert sent(consultant, "/cases/k1", b"x" * 20_000, act="note")[0] == 413, "no other form"
    assert cases.opened == []


def test_the_page_of_a_case_shows_adds_and_deletes_pictures(
    manager: Browser, consultant: Browser, cases: FakeCases
) -> None:
    page = manager.get("/cases/k1").text
    assert 'src="/cases/k1/pictures/p1"' in page
    shown = manager.get("/cases/k1/pictures/p1")
    assert (shown.data, shown.content_type) == (A_JPEG, "image/jpeg")
    assert shown.headers["Cache-Control"] == "no-store"
    assert manager.get("/cases/k1/pictures/p2").status_code == 404
    assert 'src="/cases/k1/pictures/p1"' in manager.get("/cases/k1/slip").text
    assert sent(manager, "/cases/k1/pictures", gone="p1")[0] == 303
    assert [(one.picture_id, one.staff_id) for one in cases.taken_out] == [("p1", "chen")]
    cases.refuses_pictures = True
    assert sent(manager, "/cases/k1/pictures", gone="p1")[0] == 400
    assert sent(manager, "/cases/none/pictures", gone="p1")[0] == 404
    theirs = consultant.get("/cases/k1").text
    assert ("图片 1 张" in theirs, "/pictures/p1" in theirs) == (True, False)
    assert consultant.get("/cases/k1/pictures/p1").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_faces_is_said_at_the_field(browser: Browser, language: str) -> None:
    page = browser.get(f"/feedback/show_flat?lang={language}").text
    assert table_of("broker")["case.no_faces"][language] in page
    assert 'aria-describedby="no-faces"' in page
