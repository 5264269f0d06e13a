"""The real detectors in a real worker: what is found, what is covered, and that it is gone."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image, ImageFile

from tests.builders import photos
from tests.worker.bench import Bench
from unexposed.exposure import Finding
from unexposed.formats import format_named
from unexposed.policy import Policy
from unexposed.vision import Seen, available
from unexposed.worker import Done, Refused, Worker
from unexposed.worker.look import look_into, thumbnails_in
from unexposed.worker.redact import redact
from unexposed.worker.sight import findings_of

pytestmark = pytest.mark.skipif(
    not available() and os.environ.get("CI") != "true",
    reason="the extra `vision` is not installed",
)


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One worker for all tests here, as its models take their time to load."""
    with Worker(sight=1) as worker:
        yield Bench(worker, tmp_path_factory.mktemp("sight"))


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A photo of a page with a boarding pass and an e-mail address, from a phone."""
    import numpy
    from PIL import ImageDraw, ImageFont

    from tests.builders.codes import EIGHT_KINDS, code, scene_with

    drawn = code(*EIGHT_KINDS["PDF417"])
    image = Image.fromarray(numpy.asarray(scene_with(drawn, scale=1, angle=20, size=(1200, 900))))
    image.paste("white", (0, 0, 1200, 160))
    font = ImageFont.load_default(40)
    ImageDraw.Draw(image).text((40, 40), "anna.beispiel@example.org", "black", font)
    small = image.resize((160, 120))
    return photos.encoded(image, "JPEG", quality=90, exif=photos.phone_exif(thumbnail=small))


def shown(findings: tuple[Finding, ...]) -> dict[str, bool | None]:
    """Kinds of what the picture itself shows, and whether the copy shows it no more."""
    return {one.kind: one.removed for one in findings if one.where == "the picture itself"}


def test_what_a_picture_shows_is_told_after_its_copy_is_ready(seeing: Bench, photo: bytes) -> None:
    reply, copy = seeing.run(photo)
    assert isinstance(reply, Done)
    assert reply.more
    assert shown(reply.report.findings) == {}
    assert copy
    found = seeing.worker.look()
    told = shown(found)
    assert told.pop("content.text", False) is False
    assert told == {"content.text.email": False, "content.code.boarding_pass": False}
    assert all(one.box for one in found if one.where == "the picture itself")


def test_what_is_covered_is_seen_no_more(seeing: Bench, photo: bytes) -> None:
    reply, copy = seeing.run(photo, Policy(text="personal", codes="cover"))
    assert isinstance(reply, Done)
    told = shown(reply.report.findings)
    assert told["content.code.boarding_pass"] is True
    assert told["content.text.email"] is True
    [thumbnail] = [one for one in reply.report.findings if one.kind == "content.thumbnail"]
    assert (thumbnail.value, thumbnail.removed) == ("160 by 120 pixels, shows the picture", True)
    assert not reply.more, "nothing of it has to be decoded again"
    seeing.run(copy)
    assert set(shown(seeing.worker.look())) <= {
        "content.text",
        "content.possible_text",
        "content.face.subject",
    }
    before, after = (Image.open(io.BytesIO(one)).convert("RGB") for one in (photo, copy))
    assert before.size == after.size
    strip = (0, 820, 1200, 900)
    pairs = zip(before.crop(strip).tobytes(), after.crop(strip).tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) < 40, "what is not covered differs by encoding alone"


def test_what_gives_nothing_else_away_is_covered_where_only_what_does_is_copied(
    seeing: Bench, photo: bytes
) -> None:
    bare = photos.encoded(Image.open(io.BytesIO(photo)).convert("RGB"), "PNG")
    when_exposed = Policy(copy="when-exposed")
    reply, copy = seeing.run(bare, when_exposed)
    assert isinstance(reply, Done)
    assert (reply.copied, copy) == (False, b"")
    reply, copy = seeing.run(bare, msgspec.structs.replace(when_exposed, text="personal"))
    assert isinstance(reply, Done)
    assert reply.copied
    assert shown(reply.report.findings)["content.text.email"] is True


def test_a_worker_that_is_not_to_look_covers_all_the_same(photo: bytes, tmp_path: Path) -> None:
    with Worker(looks=False, sight=0) as worker:
        reply, copy = Bench(worker, tmp_path).run(photo, Policy(codes="cover"))
    assert isinstance(reply, Done)
    assert shown(reply.report.findings)["content.code.boarding_pass"] is True
    assert copy


def test_one_with_too_little_memory_for_that_lets_nothing_out(photo: bytes, tmp_path: Path) -> None:
    with Worker(memory_mb=96) as worker:
        reply, _ = Bench(worker, tmp_path).run(photo, Policy(faces="all", text="all"))
    assert isinstance(reply, Refused)
    assert reply.kind in {"held", "crashed"}


def test_a_picture_with_nothing_to_cover_is_copied_bit_for_bit(seeing: Bench) -> None:
    source = photos.phone_photo()
    reply, copy = seeing.run(source, Policy(faces="all", text="all", codes="cover"))
    assert isinstance(reply, Done)
    assert reply.report.bytes_kept > 0
    jpeg = format_named("jpeg")
    ours, theirs = (
        [whole[part.start : part.end] for part in jpeg.dissect(whole) if part.role == "picture"]
        for whole in (source, copy)
    )
    assert ours == theirs


def test_a_picture_is_decoded_once_however_much_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, photo: bytes
) -> None:
    decoded: list[object] = []
    made = ImageFile.Image._getdecoder
    monkeypatch.setattr(
        ImageFile.Image, "_getdecoder", lambda *args: (decoded.append(args[1]), made(*args))[1]
    )
    container = format_named("jpeg")
    found = look_into(photo, container, container.blocks(photo, container.dissect(photo)), 1)
    assert {one.kind for one in found} >= {"content.text.email", "content.thumbnail"}
    assert decoded == ["jpeg", "jpeg"], "the picture, and its thumbnail"
    decoded.clear()
    hidden = thumbnails_in(container.blocks(photo, container.dissect(photo)))
    done = redact(photo, container, container, Policy(codes="cover"), thumbnails=hidden)
    assert done.picture
    assert "content.thumbnail" in {one.kind for one in done.findings}
    assert decoded == ["jpeg"] * 3, "the picture, its thumbnail, and its covered copy"


def line(value: str, top: int) -> Seen:
    outline = ((10, top), (90, top), (90, top + 20), (10, top + 20))
    return Seen("content.text", outline, 0.9, value)


@pytest.mark.parametrize(
    ("lines", "kind", "value"),
    [
        (["Ho"], "content.text", "Ho"),
        (["", "Ho", "Hi"], "content.text", "3 lines, such as “Ho”"),
        ([""], "content.possible_text", "1 place"),
        (["", ""], "content.possible_text", "2 places"),
    ],
)
def test_what_was_not_read_is_not_called_readable(lines: list[str], kind: str, value: str) -> None:
    seen = [line(one, 40 * number) for number, one in enumerate(lines)]
    (told,) = findings_of([(0, seen)], copied=False)
    assert (told.kind, told.value) == (kind, value)
    (gone,) = findings_of([(0, seen)], covered=seen, copied=True)
    assert (gone.kind, gone.removed) == (kind, True)


def test_of_a_face_it_is_told_where_it_is_and_how_sure_that_is() -> None:
    def face(score: float) -> Seen:
        return Seen("content.face.bystander", ((8, 9), (40, 9), (40, 52), (8, 52)), score)

    (told,) = findings_of([(0, [face(0.876)]), (1, [face(0.91)])], copied=False)
    assert (told.box, told.value) == ((8, 9, 32, 43), "88% sure")


def test_turned_text_that_was_read_is_covered_along_its_line() -> None:
    from PIL import ImageDraw, ImageFont

    line = Image.new("RGBA", (700, 60), (255, 255, 255, 0))
    words = "anna.beispiel@example.org"
    ImageDraw.Draw(line).text((20, 4), words, "black", ImageFont.load_default(40))
    turned = line.rotate(30, expand=True, resample=Image.Resampling.BICUBIC)
    page = Image.new("RGB", (800, 560), "white")
    page.paste(turned, (60, 60), turned)
    ink = page.convert("L").point(lambda value: 255 * (value < 128))
    box = ink.getbbox()
    assert box is not None
    png = format_named("png")
    done = redact(photos.encoded(page, "PNG"), png, png, Policy(text="personal"))
    assert {one.kind: one.removed for one in done.findings}["content.text.email"] is True
    assert done.picture is not None
    with Image.open(io.BytesIO(done.picture)) as copy:
        filled = copy.convert("L").point(lambda value: 255 * (value < 12))
        beside = (
            (box[0], box[1], box[0] + 130, box[1] + 100),
            (box[2] - 130, box[3] - 100, *box[2:]),
        )
        for corner in beside:
            assert copy.crop(corner).getcolors() == [(130 * 100, (255, 255, 255))]
    both = zip(ink.tobytes(), filled.tobytes(), strict=True)
    assert sum(here > there for here, there in both) == 0, "no ink is left beside the cover"
