"""C2PA records: every container that can carry one hands it to the reader."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Callable

import pytest

from tests.builders import c2pa, gif, jpeg, jxl, mp4, png, tiff, webp
from unexposed.formats import HEAD, sniff
from unexposed.metadata import read

STORE = c2pa.a_generated_picture()
_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def in_several_segments() -> bytes:
    head = b"JP\0\1"
    pieces = [STORE[at : at + 200] for at in range(8, len(STORE), 200)]
    packets = [
        jpeg.segment(0xEB, head + struct.pack(">I", number) + STORE[:8] + piece)
        for number, piece in enumerate(pieces, 1)
    ]
    return jpeg.before(jpeg.baseline(), 0xDB, b"".join(packets))


def in_a_drawing() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><metadata>'
        b'<c2pa:manifest xmlns:c2pa="http://c2pa.org/manifest">'
        + b64encode(STORE)
        + b'</c2pa:manifest></metadata><rect width="4" height="4"/></svg>'
    )


CARRIERS: dict[str, Callable[[], bytes]] = {
    "jpeg": in_several_segments,
    "png": lambda: png.before(png.rgb(), b"IDAT", (b"caBX", STORE)),
    "webp": lambda: webp.riff(webp.extended(webp.lossy())[12:] + webp.chunk(b"C2PA", STORE)),
    "gif": lambda: gif.with_block(gif.still(), gif.application(b"C2PA_GIF\1\0\0", STORE)),
    "tiff": lambda: tiff.file(tiff.page().but(tag_52545=(tiff.UNDEFINED, STORE))),
    "mp4": lambda: mp4.film(
        before=mp4.box(b"uuid", _UUID + bytes(4) + b"manifest\0" + bytes(8) + STORE)
    ),
    "jxl": lambda: jxl.file(STORE, jxl.picture()),
    "svg": in_a_drawing,
}


@pytest.mark.parametrize("container", CARRIERS)
def test_a_record_is_read_wherever_it_stands(container: str) -> None:
    data = CARRIERS[container]()
    handler = sniff(data[:HEAD])
    found = [one for block in handler.blocks(data, handler.dissect(data)) for one in read(block)]
    assert "provenance.ai_generated" in {one.kind for one in found}
    assert "hidden.damaged" not in {one.kind for one in found}
