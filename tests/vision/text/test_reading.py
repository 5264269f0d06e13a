from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageDraw, ImageFont

from unexposed.vision import Picture
from unexposed.vision.text import detect
from unexposed.vision.text._models import characters, classes
from unexposed.vision.text._reading import read
from unexposed.vision.text._whole import flatness

INK, PAPER = (20, 20, 20), (255, 255, 255)


def page(*rows: str, size: int = 24, width: int = 640, height: int = 0) -> Image.Image:
    font = ImageFont.load_default(size)
    picture = Image.new("RGB", (width, height or 30 + 2 * size * len(rows)), PAPER)
    for number, row in enumerate(rows):
        ImageDraw.Draw(picture).text((20, 15 + 2 * size * number), row, fill=INK, font=font)
    return picture


def array(picture: Image.Image) -> Picture:
    return numpy.asarray(picture)


@pytest.mark.parametrize("turn", [0, 12, 90, 180, 270])
def test_a_line_is_read_whichever_way_it_runs(turn: int) -> None:
    picture = page("seven copper lanterns").rotate(turn, expand=True, fillcolor=PAPER)
    assert [line.text for line in read(array(picture))] == ["seven copper lanterns"]


def test_small_print_in_a_large_photo_is_looked_at_again() -> None:
    photo = Image.new("RGB", (3200, 2400), (190, 196, 180))
    photo.paste(page("jane.doe@example.com", "seven copper lanterns", size=26), (1500, 900))
    seen = [one for one in detect(array(photo)) if one.kind == "content.text.email"]
    assert [one.value for one in seen] == ["jane.doe@example.com"]
    x, y, width, height = seen[0].box
    assert 1490 < x < 1540
    assert 890 < y < 940
    assert 200 < width < 340
    assert 20 < height < 60


@pytest.mark.parametrize("turn", [0, 90])
def test_a_long_picture_is_looked_at_in_pieces(turn: int) -> None:
    picture = Image.new("RGB", (720, 9000), PAPER)
    places = [400, 2960, 5500, 8940]  # the second where two pieces meet, the last at the end
    for number, y in enumerate(places):
        row = page(f"jane.doe{number}@example.com", size=26, height=56)
        picture.paste(row, (40, y))
    found = detect(array(picture.rotate(turn, expand=True)))
    seen = {one.value: one.box[1 if turn == 0 else 0] for one in found if one.kind.endswith("mail")}
    wanted = {f"jane.doe{number}@example.com": y + 15 for number, y in enumerate(places)}
    assert seen == pytest.approx(wanted, abs=12)


@pytest.mark.parametrize(("size", "letters"), [((6000, 4500), 30), ((9000, 7000), 36)])
def test_small_print_is_found_in_a_picture_of_any_size(size: tuple[int, int], letters: int) -> None:
    photo = Image.new("RGB", size, (190, 196, 180))
    row = page("jane.doe@example.com", size=letters, height=80)
    photo.paste(row, (size[0] // 2 - 100, size[1] // 2 - 40))
    (seen,) = (one for one in detect(array(photo)) if one.kind == "content.text.email")
    assert seen.value == "jane.doe@example.com"


def test_a_line_across_the_pieces_of_a_panorama_is_one() -> None:
    panorama = Image.new("RGB", (6500, 1000), PAPER)
    places = [1700, 1900, 2000, 3900, 4050]  # a piece has up to 2,150 pixels
    for number, left in enumerate(places):
        row = page(f"jane.doe{number}@example.com", size=36, height=80)
        panorama.paste(row, (left, 60 + 180 * number))
    found = {one.value for one in detect(array(panorama)) if one.kind == "content.text.email"}
    assert found == {f"jane.doe{number}@example.com" for number in range(len(places))}


def test_what_was_found_is_outlined_where_it_stands() -> None:
    (seen,) = (s for s in detect(array(page("Tel: +44 20 7946 0958"))) if s.kind != "content.text")
    assert seen.kind == "content.text.phone"
    assert 40 < seen.box[0] < 90


def test_a_picture_without_text_tells_nothing() -> None:
    noise = numpy.random.default_rng(4).integers(0, 255, (300, 400, 3), dtype=numpy.uint8)
    assert detect(noise) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 2), (31, 33)])
def test_pictures_of_any_size_are_taken(size: tuple[int, int]) -> None:
    assert detect(numpy.zeros((*size, 3), numpy.uint8)) == []


def test_a_page_full_of_lines_is_a_document() -> None:
    rows = [f"line {n} of a letter that goes on and on" for n in range(12)]
    first = detect(array(page(*rows)))[0]
    assert first.kind == "content.document"
    assert first.value.startswith("12 lines, ")


def test_a_page_of_exactly_a_screens_size_is_a_screenshot() -> None:
    assert detect(array(page("Settings", "Sound", width=720, height=1280)))[0].kind == (
        "content.screenshot"
    )
    assert (
        detect(array(page("Settings", "Sound", width=719, height=1280)))[0].kind == "content.text"
    )


def test_the_address_bar_is_told_of_a_screenshot_of_a_browser() -> None:
    rows = ("www.example.org/orders", "", "", "", "Signed in as jane.doe", "", "")
    seen = detect(array(page(*rows)))
    assert (seen[0].kind, seen[0].value) == ("content.screenshot", "www.example.org/orders")
    assert ("content.text.account", "jane.doe") in [(s.kind, s.value) for s in seen]


def test_a_photo_of_a_screens_size_is_no_screenshot() -> None:
    noise = numpy.random.default_rng(4).integers(90, 200, (720, 1280, 3), dtype=numpy.uint8)
    noise[200:278, 300:940] = array(page("OPEN DAILY"))
    assert flatness(noise) < 0.3
    assert "content.screenshot" not in {seen.kind for seen in detect(noise)}


def test_every_class_of_the_reader_stands_for_a_character() -> None:
    blank = numpy.zeros((1, 3, 48, 160), numpy.float32)
    assert classes(blank).shape[2] == len(characters())
    assert all(len(character) == 1 for character in characters()[1:])


def test_the_reader_knows_the_scripts_that_are_stated_and_no_others() -> None:
    known = "".join(characters())
    latin = "AZazÄÖÜßéèêçñãõøåæœşğıłřžőūģēăðþ"
    assert [one for one in latin + "中文電話号αΩ€£" if one not in known] == []
    others = "あいアイжиЖИאבابกขअआ한글"
    assert [one for one in others if one in known] == []


def test_nothing_is_loaded_before_the_first_picture_and_nothing_that_could_fetch_ever() -> None:
    script = (
        "import sys, unexposed.vision.text as text\n"
        "late = {'numpy', 'cv2', 'phonenumbers', 'stdnum'}\n"
        "assert not late & set(sys.modules), late & set(sys.modules)\n"
        "import numpy; text.detect(numpy.zeros((40, 40, 3), numpy.uint8))\n"
        "assert not {'requests', 'urllib3', 'http.client'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parent)
