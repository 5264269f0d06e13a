from __future__ import annotations

import io
from collections.abc import Callable

import msgspec
import piexif
import pytest
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from tests.builders import animated, boxes, heif, photos, tiff
from tests.worker.bench import Bench
from unexposed.exposure import Level
from unexposed.policy import Policy
from unexposed.worker import Done, Refused

EVERY_FORMAT: dict[str, Callable[[], bytes]] = {
    "jpeg": photos.phone_photo,
    "png": photos.phone_png,
    "webp": photos.phone_webp,
    "gif": photos.gif_with_comment,
    "heic": photos.phone_heic,
    "avif": photos.phone_avif,
    "tiff": photos.scanned_tiff,
    "bmp": photos.bitmap_with_a_trailer,
}
WITH_NOTES = [kind for kind in EVERY_FORMAT if kind != "bmp"]
"""A BMP has no place for one."""
DECODE = Policy(verify="decode")


def cleaned(bench: Bench, content: bytes, policy: Policy = DECODE) -> tuple[Done, bytes]:
    reply, copy = bench.run(content, policy)
    assert isinstance(reply, Done), reply
    assert reply.copied
    return reply, copy


@pytest.mark.parametrize("kind", EVERY_FORMAT)
def test_the_copy_shows_the_same_and_tells_nothing(bench: Bench, kind: str) -> None:
    content = EVERY_FORMAT[kind]()
    reply, copy = cleaned(bench, content)
    assert reply.report.format == kind
    for secret in (photos.SECRET_MODEL, photos.SECRET_SERIAL, photos.SECRET_AUTHOR):
        assert secret.encode() not in copy
    with Image.open(io.BytesIO(content)) as wanted, Image.open(io.BytesIO(copy)) as shown:
        assert shown.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("kind", EVERY_FORMAT)
def test_cleaning_twice_changes_nothing(bench: Bench, kind: str) -> None:
    _, once = cleaned(bench, EVERY_FORMAT[kind]())
    reply, twice = cleaned(bench, once)
    assert once == twice
    assert reply.report.bytes_removed == 0


def test_the_report_tells_what_was_there_and_that_it_is_gone(bench: Bench) -> None:
    reply, _ = cleaned(bench, photos.phone_photo())
    found = {one.kind: one for one in reply.report.findings}
    assert found["location.gps"].value.startswith("38.7226")
    assert found["device.serial"].value == photos.SECRET_SERIAL
    assert found["location.gps"].removed is True
    assert reply.report.level is Level.CRITICAL, "place, time and author together"


@pytest.mark.parametrize("kind", EVERY_FORMAT)
def test_every_byte_is_told_of(bench: Bench, kind: str) -> None:
    reply, _ = cleaned(bench, EVERY_FORMAT[kind]())
    report = reply.report
    position = 0
    for span in report.spans:
        assert span.start == position
        position = span.end
    assert position == report.bytes_total
    kept = sum(span.end - span.start for span in report.spans if span.fate == "kept")
    assert (kept, report.bytes_total - kept) == (report.bytes_kept, report.bytes_removed)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_picture_stays_the_right_way_up(bench: Bench, kind: str, orientation: int) -> None:
    exif = photos.phone_exif(orientation=orientation)
    content = photos.encoded(photos.scene(), kind, exif=exif)
    _, copy = cleaned(bench, content)
    with Image.open(io.BytesIO(content)) as wanted, Image.open(io.BytesIO(copy)) as shown:
        tags = dict(shown.getexif())
        assert tags == ({piexif.ImageIFD.Orientation: orientation} if orientation > 1 else {})
        assert ImageOps.exif_transpose(shown).tobytes() == ImageOps.exif_transpose(wanted).tobytes()


def test_what_gives_nothing_away_is_copied_only_when_asked(bench: Bench) -> None:
    _, clean = cleaned(bench, photos.phone_photo())
    reply, copy = bench.run(clean, Policy(copy="when-exposed"))
    assert isinstance(reply, Done)
    assert not reply.copied
    assert copy == b""
    reply, copy = bench.run(photos.phone_photo(), Policy(copy="when-exposed"))
    assert isinstance(reply, Done)
    assert reply.copied


@pytest.mark.parametrize("content", [b"", b"plain text", b"%PDF-1.7", b"PK\x03\x04"])
def test_what_is_no_picture_is_refused(bench: Bench, content: bytes) -> None:
    reply, copy = bench.run(content)
    assert isinstance(reply, Refused)
    assert copy == b""


def test_a_truncated_photo_that_must_decode_is_held_back(bench: Bench) -> None:
    photo = photos.phone_photo()
    reply, _ = bench.run(photo[: len(photo) * 2 // 3], DECODE)
    assert isinstance(reply, Refused)
    assert reply.kind == "held"
    assert "damaged" in reply.reason
    assert reply.report is not None
    assert any(one.kind == "location.gps" for one in reply.report.findings)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_of_any_order_of_bytes_and_size_of_offsets_is_cleaned(
    bench: Bench, order: str, big: bool
) -> None:
    source = tiff.file(tiff.page(), order=order, big=big, gap=tiff.CANARY)
    _, copy = cleaned(bench, source, Policy())
    assert copy[:4] == source[:4]
    assert tiff.CANARY in source
    assert tiff.CANARY not in copy


def test_further_pages_are_told_of_as_staying(bench: Bench) -> None:
    reply, _ = bench.run(tiff.file(tiff.page(), tiff.page(seed=2)))
    assert isinstance(reply, Done)
    assert [one.removed for one in reply.report.findings if one.kind == "content.pages"] == [False]


def test_strict_holds_back_what_no_decoder_knows_and_says_so(bench: Bench) -> None:
    page = tiff.lab_of_sixteen_bits()
    reply, _ = bench.run(tiff.file(page), photos.strict_policy())
    assert isinstance(reply, Refused)
    assert (reply.kind, reply.reason) == (
        "held",
        "it cannot be encoded again: no decoder here knows its kind",
    )


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif"])
def test_strict_encodes_again_and_fits_the_size(bench: Bench, kind: str) -> None:
    policy = msgspec.structs.replace(photos.strict_policy(), max_side=100, verify="decode")
    reply, copy = cleaned(bench, EVERY_FORMAT[kind](), policy)
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.size == (100, 75)
        assert not shown.getexif()
    assert reply.report.bytes_kept == 0
    assert all(one.removed for one in reply.report.findings)


def test_strict_turns_the_picture_upright(bench: Bench) -> None:
    photo = photos.phone_photo(orientation=6)
    _, copy = cleaned(bench, photo, photos.strict_policy())
    with Image.open(io.BytesIO(photo)) as wanted, Image.open(io.BytesIO(copy)) as shown:
        assert shown.size == ImageOps.exif_transpose(wanted).size
        assert not shown.getexif()


def test_strict_keeps_every_pixel_of_a_png(bench: Bench) -> None:
    picture = photos.scene().convert("RGBA")
    picture.putalpha(photos.scene(seed=3).convert("L"))
    _, copy = cleaned(bench, photos.encoded(picture, "PNG"), photos.strict_policy())
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.tobytes() == picture.tobytes()


def test_strict_keeps_an_animation_moving(bench: Bench) -> None:
    frames = [photos.scene(seed=seed).convert("P") for seed in range(3)]
    gif = photos.encoded(
        frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"Anna", loop=0
    )
    _, copy = cleaned(bench, gif, photos.strict_policy())
    with Image.open(io.BytesIO(copy)) as shown:
        assert getattr(shown, "n_frames", 1) == 3
    assert b"Anna" not in copy


@pytest.mark.parametrize(("hold", "kind"), [((), "unsupported"), (("pdf",), "held")])
def test_what_cannot_be_cleaned_yet_is_held_back_only_where_the_policy_asks(
    bench: Bench, hold: tuple[str, ...], kind: str
) -> None:
    reply, _ = bench.run(b"%PDF-1.7\n", msgspec.structs.replace(Policy(), hold=hold))
    assert isinstance(reply, Refused)
    assert (reply.kind, reply.reason) == (kind, "it is a PDF document, which cannot be cleaned yet")


@pytest.mark.parametrize("wanted", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif"])
def test_a_policy_can_ask_for_a_format(bench: Bench, kind: str, wanted: str) -> None:
    source = EVERY_FORMAT[kind]()
    done, copy = cleaned(bench, source, msgspec.structs.replace(DECODE, format=wanted))
    with Image.open(io.BytesIO(copy)) as image, Image.open(io.BytesIO(source)) as before:
        assert (image.format or "").lower() == wanted
        assert image.size == before.size
        if wanted in ("png", kind):
            assert image.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert f".{wanted}" in done.extensions
    assert photos.SECRET_MODEL.encode() not in copy


def test_transparent_places_become_white_in_a_jpeg(bench: Bench) -> None:
    source = photos.encoded(Image.new("RGBA", (16, 16), (255, 0, 0, 0)), "PNG")
    _, copy = cleaned(bench, source, msgspec.structs.replace(DECODE, format="jpeg"))
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getpixel((8, 8)) == (255, 255, 255)


@pytest.mark.parametrize("policy", [photos.strict_policy(), Policy(format="jpeg")])
@pytest.mark.parametrize("build", animated.PICTURES)
@pytest.mark.parametrize("coding", [heif.HEVC, heif.AV1], ids=["heic", "avif"])
def test_an_animation_in_boxes_goes_on_moving_whatever_the_policy(
    bench: Bench, coding: heif.Coding, build: Callable[[heif.Coding], bytes], policy: Policy
) -> None:
    source = build(coding)
    _, wanted = cleaned(bench, source)
    done, copy = cleaned(bench, source, policy)
    assert done.report.format in done.extensions[0]
    assert copy == wanted
    assert len(boxes.samples(copy)[1]) == animated.COUNT


def test_an_animation_keeps_its_format(bench: Bench) -> None:
    frames = [photos.scene(seed=seed).convert("P") for seed in (1, 2)]
    source = photos.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    done, copy = cleaned(bench, source, msgspec.structs.replace(DECODE, format="jpeg"))
    assert done.extensions == (".gif",)
    assert copy.startswith(b"GIF8")


NOTED = msgspec.structs.replace(
    DECODE, keep=("author", "date-year"), mark="no-ai-training", verify="decode"
)


@pytest.mark.parametrize("kind", WITH_NOTES)
def test_what_is_left_in_on_purpose_is_in_the_copy_and_nothing_else(
    bench: Bench, kind: str
) -> None:
    done, copy = cleaned(bench, EVERY_FORMAT[kind](), NOTED)
    again, _ = cleaned(bench, copy)
    told = {one.kind: one.value for one in again.report.findings}
    told.pop("device.encoder", None)
    assert "plus:DataMining" in told.pop("hidden.metadata")
    assert b"PROHIBITED-GENAIMLTRAINING" in copy
    wanted = {} if kind == "gif" else {"person.author": photos.SECRET_AUTHOR, "time.taken": "2025"}
    assert told == wanted
    marked = {one.value: one.removed for one in done.report.findings}
    if kind != "gif":
        assert marked[photos.SECRET_AUTHOR] is False
        assert marked[photos.SECRET_MODEL] is True


@pytest.mark.parametrize("kind", WITH_NOTES)
def test_a_note_comes_out_again_and_leaves_the_clean_copy(bench: Bench, kind: str) -> None:
    _, clean = cleaned(bench, EVERY_FORMAT[kind]())
    _, noted = cleaned(bench, EVERY_FORMAT[kind](), NOTED)
    assert cleaned(bench, noted)[1] == clean != noted


def test_a_note_can_be_left_in_a_picture_that_is_encoded_again(bench: Bench) -> None:
    policy = msgspec.structs.replace(photos.strict_policy(), keep=("author",))
    done, copy = cleaned(bench, photos.phone_photo(), policy)
    assert photos.SECRET_AUTHOR.encode() in copy
    assert {one.kind for one in done.report.findings if one.removed is False} == {"person.author"}


def test_a_raw_file_is_held_back_and_reported_in_full(bench: Bench) -> None:
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0")
    photo = photos.phone_photo()
    source = head + (92).to_bytes(4) + len(photo).to_bytes(4) + photo
    reply, copy = bench.run(source)
    assert isinstance(reply, Refused)
    assert reply.kind == "held"
    assert "export it" in reply.reason
    assert reply.report is not None
    assert reply.report.level is Level.CRITICAL, "place, time and author together"
    assert copy == b""


def test_a_raw_file_in_a_tiff_is_told_of_and_held_back(bench: Bench) -> None:
    refused, _ = bench.run(tiff.dng())
    assert isinstance(refused, Refused)
    assert "export it as JPEG or TIFF" in refused.reason
    assert refused.report is not None
    assert "Maker Camera" in {one.value for one in refused.report.findings}


@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "TIFF", "BMP"])
def test_a_policy_can_ask_for_what_everybody_can_open(bench: Bench, kind: str) -> None:
    register_heif_opener()
    source = photos.encoded(photos.scene(), kind)
    done, copy = cleaned(bench, source, msgspec.structs.replace(DECODE, format="jpeg"))
    assert ".jpg" in done.extensions
    with Image.open(io.BytesIO(copy)) as image:
        assert image.format == "JPEG"
        assert image.size == (320, 240)


def test_a_turned_heic_is_upright_in_another_format(bench: Bench) -> None:
    source = heif.turned(heif.HEVC).build()
    _, copy = cleaned(bench, source, msgspec.structs.replace(DECODE, format="png"))
    register_heif_opener()
    with Image.open(io.BytesIO(source)) as before, Image.open(io.BytesIO(copy)) as after:
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
        assert after.size == before.size == heif.SIZE[::-1]
