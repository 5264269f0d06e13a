from __future__ import annotations

import struct
import zlib

import pytest

from tests.builders import png as files
from tests.builders.png import CANARY, before, changed, chunk, chunks
from unexposed.errors import Malformed
from unexposed.formats import png


def control(change: dict[int, bytes]) -> bytes:
    """An animation with some bytes of its last frame control changed."""

    def altered(data: bytes) -> bytes:
        copy = bytearray(data)
        for at, value in change.items():
            copy[at : at + len(value)] = value
        return bytes(copy)

    return changed(files.animated(), b"fcTL", altered)


def header_of(**fields: int) -> bytes:
    values = {"depth": 8, "colour_type": files.RGB, "compression": 0, "filtering": 0, "lacing": 0}
    return struct.pack(">2I5B", 1, 1, *(values | fields).values())


RGB_AT = files.rgb().index(b"IDAT") - 4


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"", "does not begin as a PNG"),
        (files.SIGNATURE, "picture header"),
        (files.rgb()[:40], "before any picture data"),
        (files.rgb()[:-80], "cut short|before any picture data"),
        (files.many_pieces()[:-40], "cut short"),
        (files.without(files.rgb(), b"IDAT"), "before any picture data"),
        (files.without(files.palette(), b"PLTE"), "no palette"),
        (before(files.palette(), b"IDAT", (b"PLTE", bytes(3))), "second palette"),
        (changed(files.palette(), b"PLTE", lambda data: data[:-1]), "palette of an impossible"),
        (changed(files.palette(), b"PLTE", lambda _: b""), "palette of an impossible"),
        (changed(files.palette(), b"PLTE", lambda _: bytes(771)), "palette of an impossible"),
        (before(files.rgb(), b"IDAT", (b"IHDR", header_of())), "cannot be read"),
        (before(files.rgb(), b"IDAT", (b"CANA", CANARY)), "cannot be read"),
        (
            files.many_pieces().replace(b"IDAT", b"CgBI", 1),
            "cannot be read|damaged",
        ),
        (files.rgb()[:-13] + bytes([files.rgb()[-13] ^ 1]) + files.rgb()[-12:], "damaged"),
        (changed(files.rgb(), b"IDAT", lambda data: data[:-1] + b"?"), "damaged"),
        (changed(files.rgb(), b"IDAT", lambda data: data[:40] + data[41:]), "damaged|less|more"),
        (
            changed(
                files.rgb(), b"IDAT", lambda data: zlib.compressobj(zdict=b"dictionary").flush()
            ),
            "damaged",
        ),
        (changed(files.rgb(), b"IDAT", lambda data: b""), "cut short"),
        *(
            (files.file([(b"IHDR", header_of(**{field: 9}))]), "impossible")
            for field in ("depth", "colour_type", "compression", "filtering", "lacing")
        ),
        (files.without(files.animated(), b"fdAT"), "without picture data"),
        (changed(files.animated(), b"acTL", lambda data: b"\0\0\0\5" + data[4:]), "fewer frames"),
        (changed(files.animated(), b"acTL", lambda data: b"\xff" + data[1:]), "number of frames"),
        (changed(files.animated(), b"acTL", lambda data: data[:4] + b"\xff" * 4), "number of"),
        (changed(files.animated(), b"acTL", lambda data: data + b"\0"), "impossible size"),
        (before(files.animated(), b"IDAT", (b"acTL", b"\0\0\0\1" * 2)), "second animation"),
        (before(files.rgb(), b"IDAT", (b"acTL", b"\0\0\0\1" * 2)), "fewer frames"),
        (
            before(files.animated_in_many_pieces(), b"fdAT", (b"acTL", CANARY), (b"fdAT", CANARY)),
            "out of order",
        ),
        (
            files.file(
                [
                    *chunks(files.animated_in_many_pieces())[:-2],
                    (b"IDAT", CANARY),
                    *chunks(files.animated_in_many_pieces())[-2:],
                ]
            ),
            "amid a frame",
        ),
        (control({0: b"\0\0\0\1"}), "out of order"),
        (control({4: bytes(4)}), "impossible frame"),
        (control({8: b"\0\1\0\0"}), "impossible frame"),
        (control({12: b"\0\0\0\x29"}), "impossible frame"),
        (control({16: b"\xff"}), "impossible frame"),
        (control({24: b"\3"}), "impossible frame"),
        (control({25: b"\2"}), "impossible frame"),
        (changed(files.animated(), b"fcTL", lambda data: data + b"\0"), "impossible size"),
        (changed(files.animated(), b"fdAT", lambda data: data[:3]), "impossible size"),
        (changed(files.animated(), b"fdAT", lambda data: b"\1" + data[1:]), "out of order"),
        (changed(files.animated(), b"fdAT", lambda data: data[:-1]), "cut short"),
    ],
)
def test_what_cannot_be_had_whole_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        png.dissect(source)


@pytest.mark.parametrize("kind", [b"PLTE", b"IDAT", b"acTL", b"fcTL", b"fdAT"])
def test_a_wrong_checksum_of_what_the_picture_needs_holds_it_back(kind: bytes) -> None:
    source = files.palette() if kind == b"PLTE" else files.animated()
    content = chunks(source)
    data = next(data for one, data in content if one == kind)
    with pytest.raises(Malformed, match="damaged"):
        png.dissect(source.replace(chunk(kind, data), files.unsound(kind, data)))


def test_a_file_in_too_many_parts_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 20)
    with pytest.raises(Malformed, match="more than 20 parts"):
        png.dissect(files.many_pieces())
