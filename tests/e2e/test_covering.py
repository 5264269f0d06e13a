from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import photos
from tests.builders.codes import EIGHT_KINDS, code
from tests.e2e.home import Home, wait_until
from unexposed.ledger import Ledger
from unexposed.vision import available

pytestmark = pytest.mark.skipif(
    not available() and os.environ.get("CI") != "true",
    reason="the extra `vision` is not installed",
)


def with_a_code(*, frames: int = 1) -> list[Image.Image]:
    """Pictures with a code that holds a link; each next one stands a little further right."""
    drawn = Image.fromarray(code(*EIGHT_KINDS["QR"], 6)).convert("RGB")
    pictures = []
    for number in range(frames):
        picture = Image.new("RGB", (640, 480), "white")
        picture.paste(drawn, (200 + number, 100))
        pictures.append(picture)
    return pictures


def cover_in(home: Home, name: str) -> Path:
    """Have a second folder watched, in which codes are covered."""
    folder = home.root / name
    folder.mkdir()
    home.configure(
        vision=True,
        watch=f'[[watch]]\npath = "{folder}"\npolicy = "street"\n[policy.street]\ncodes = "cover"',
    )
    return folder


def test_what_a_picture_shows_is_found_after_its_copy_is_out_and_covered_where_it_should_be(
    home: Home,
) -> None:
    (picture,) = with_a_code()
    covering = cover_in(home, "To Cover")
    home.start()
    source = photos.encoded(picture, "PNG")
    home.drop("seen.png", source)
    (covering / "covered.png").write_bytes(source)
    for name, shown in (("seen.png", True), ("covered.png", False)):
        with Image.open(home.copy(name)) as copy:
            assert (copy.tobytes() == picture.tobytes()) is shown
    with closing(Ledger(home.state, read_only=True)) as ledger:

        def told() -> dict[str, bool | None]:
            return {
                os.path.basename(one.path): each.removed
                for one in ledger.history(9, current=True)
                for each in (one.report.findings if one.report else ())
                if each.kind == "content.code.link"
            }

        wait_until(lambda: len(told()) == 2, "both to be looked at")
        assert told() == {"seen.png": False, "covered.png": True}


def test_a_photo_does_not_wait_for_an_animation_that_is_being_covered(home: Home) -> None:
    covering = cover_in(home, "To Cover")
    first, *others = with_a_code(frames=8)
    first.save(home.root / "moves.gif", save_all=True, append_images=others, duration=50)
    home.start()
    os.rename(home.root / "moves.gif", covering / "moves.gif")
    with closing(Ledger(home.state, read_only=True)) as ledger:
        wait_until(lambda: bool(ledger.at_hand()), "the animation to be at hand")
        home.drop("a.jpg", photos.phone_photo())
        home.copy("a.jpg")
        assert "moves.gif" in [os.path.basename(one.path) for one in ledger.at_hand()]
