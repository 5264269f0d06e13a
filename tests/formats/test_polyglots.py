"""A picture that is something else too comes out as the picture alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from tests.builders import animated, gif, jpeg, jxl, mp4, photos, png, svg, webp
from tests.builders.heif import AV1, HEVC
from tests.builders.plans import cleaned
from unexposed.errors import Malformed
from unexposed.formats import HEAD, sniff

HTML = b"<!DOCTYPE html><html><script>alert('CANARY')</script></html>"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Note(CANARY)>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


def archive(picture: bytes) -> bytes:
    """A zip archive whose places are told from the picture's first byte on."""
    made = io.BytesIO()
    made.write(picture)
    with zipfile.ZipFile(made, "a") as writer:
        writer.writestr("CANARY.txt", b"CANARY")
    return made.getvalue()


OTHERS: dict[str, Callable[[bytes], bytes]] = {
    "zip": archive,
    "html": lambda picture: picture + HTML,
    "pdf": lambda picture: picture + PDF,
    "video": lambda picture: picture + mp4.metadata_keys(),
    "picture": lambda picture: picture + photos.encoded(photos.scene(), comment=b"CANARY"),
}
PICTURES: dict[str, bytes] = {
    "jpeg": jpeg.baseline(),
    "png": png.rgb(),
    "webp": webp.lossy(),
    "gif": gif.still(),
    "tiff": photos.encoded(photos.scene(), "TIFF"),
    "bmp": photos.encoded(photos.scene(), "BMP"),
    "jxl": jxl.container(),
    "heic": HEVC.file().build(),
    "avif": AV1.file().build(),
    "animated heic": animated.simple(HEVC),
    "animated avif": animated.simple(AV1),
    "video": mp4.plain(),
}


@pytest.mark.parametrize(
    ("kind", "other"), [(kind, other) for kind in PICTURES for other in OTHERS if kind != other]
)
def test_what_is_something_else_too_comes_out_as_the_picture_alone(kind: str, other: str) -> None:
    picture = PICTURES[kind]
    both = OTHERS[other](picture)
    container = sniff(both[:HEAD])
    copy = cleaned(both, container)
    assert container.NAME == sniff(picture[:HEAD]).NAME
    assert b"CANARY" in both
    assert b"CANARY" not in copy
    assert copy == cleaned(picture, container)
    assert not zipfile.is_zipfile(io.BytesIO(copy))


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("picture", [svg.plain(), jxl.codestream()], ids=["svg", "bare jxl"])
def test_where_the_end_of_a_picture_cannot_be_told_it_is_held_back(
    picture: bytes, other: str
) -> None:
    both = OTHERS[other](picture)
    container = sniff(both[:HEAD])
    with pytest.raises(Malformed):
        cleaned(both, container)
