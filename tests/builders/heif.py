"""HEIC and AVIF files, put together box by box."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"

SIZE = (80, 64)


def box(kind: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">I", 8 + len(data)) + kind + data


def full(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    return box(kind, bytes([version]), flags.to_bytes(3), *content)


class Item(msgspec.Struct, kw_only=True):
    """An item and all that is said of it, in whatever box that stands.

    `properties` are whole boxes; those of `essential` are marked as such.
    """

    kind: bytes
    data: bytes = b""
    properties: tuple[bytes, ...] = ()
    essential: tuple[bytes, ...] = (b"hvcC", b"av1C", b"irot", b"imir", b"clap", b"lsel", b"a1op")
    name: bytes = b""
    behind_name: bytes = b""
    hidden: bool = False
    in_idat: bool = False
    pieces: int = 1


class File(msgspec.Struct, kw_only=True):
    """A file to be. Items have the numbers 1, 2, 3 ... ; references name them by these."""

    brand: bytes
    items: list[Item]
    brands: tuple[bytes, ...] = (b"mif1", b"miaf")
    minor: bytes = bytes(4)
    primary: int = 1
    references: tuple[tuple[bytes, int, tuple[int, ...]], ...] = ()
    unused_properties: tuple[bytes, ...] = ()
    handler: bytes = bytes(12)
    handler_name: bytes = b""
    in_meta: bytes = b""
    behind_type: bytes = b""
    between: bytes = b""
    behind: bytes = b""
    gap: bytes = b""
    data_first: bool = False
    separate: bool = False
    base: int = 0
    wide: int = 4

    def build(self) -> bytes:
        start = box(b"ftyp", self.brand, self.minor, self.brand, *self.brands) + self.behind_type
        size = len(self._meta([[(0, 0)] * item.pieces for item in self.items]))
        data, places = self._data(len(start) + (0 if self.data_first else size + len(self.between)))
        meta = self._meta(places)
        first, second = (data, meta) if self.data_first else (meta, data)
        return start + first + self.between + second + self.behind

    def _data(self, at: int) -> tuple[bytes, list[list[tuple[int, int]]]]:
        """One 'mdat' box with all data, or one for each item, and where they lie."""
        boxes, places, inside = b"", [], 0
        content = b""
        begin = at + 8
        for item in self.items:
            pieces = _cut(item.data, item.pieces)
            if item.in_idat:
                places.append([(inside, len(item.data))])
                inside += len(item.data)
                continue
            places.append([])
            for piece in pieces:
                content += self.gap
                places[-1].append((begin + len(content), len(piece)))
                content += piece
            if self.separate:
                boxes += box(b"mdat", content)
                content, begin = b"", at + len(boxes) + 8
        return boxes + (box(b"mdat", content + self.gap) if content else b""), places

    def _meta(self, places: list[list[tuple[int, int]]]) -> bytes:
        properties = [*dict.fromkeys(one for item in self.items for one in item.properties)]
        properties += self.unused_properties
        idat = b"".join(item.data for item in self.items if item.in_idat)
        return full(
            b"meta",
            0,
            0,
            full(b"hdlr", 0, 0, bytes(4), b"pict", self.handler, self.handler_name, b"\0"),
            full(b"pitm", 0, 0, struct.pack(">H", self.primary)),
            self._iinf(),
            box(b"idat", idat) if idat else b"",
            self._iloc(places),
            self._iref(),
            box(b"iprp", box(b"ipco", *properties), self._ipma(properties)),
            self.in_meta,
        )

    def _iinf(self) -> bytes:
        entries = (
            full(
                b"infe",
                2,
                int(item.hidden),
                struct.pack(">HH", number, 0),
                item.kind,
                item.name + b"\0",
                item.behind_name,
            )
            for number, item in enumerate(self.items, 1)
        )
        return full(b"iinf", 0, 0, struct.pack(">H", len(self.items)), *entries)

    def _iloc(self, places: list[list[tuple[int, int]]]) -> bytes:
        rows = b""
        for number, (item, those) in enumerate(zip(self.items, places, strict=True), 1):
            base = self.base if not item.in_idat else 0
            rows += struct.pack(">HHH", number, int(item.in_idat), 0)
            rows += base.to_bytes(4) + struct.pack(">H", len(those))
            for at, length in those:
                rows += (at - base if at else 0).to_bytes(self.wide) + length.to_bytes(self.wide)
        sizes = bytes([self.wide << 4 | self.wide, 4 << 4])
        return full(b"iloc", 1, 0, sizes, struct.pack(">H", len(self.items)), rows)

    def _iref(self) -> bytes:
        rows = b"".join(
            box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to))
            for kind, source, to in self.references
        )
        return full(b"iref", 0, 0, rows) if rows else b""

    def _ipma(self, properties: list[bytes]) -> bytes:
        rows = b""
        for number, item in enumerate(self.items, 1):
            entries = bytes(
                properties.index(one) + 1 | 0x80 * (one[4:8] in item.essential)
                for one in item.properties
            )
            rows += struct.pack(">HB", number, len(entries)) + entries
        return full(b"ipma", 0, 0, struct.pack(">I", len(self.items)), rows)


def _cut(data: bytes, pieces: int) -> list[bytes]:
    side = max(1, -(-len(data) // pieces))
    return [data[at : at + side] for at in range(0, len(data), side)] or [b""]


class Coding(msgspec.Struct, frozen=True):
    """A way to code pictures: the types of item, brand and configuration, and what makes them."""

    name: str
    kind: bytes
    brand: bytes
    configuration: bytes

    def item(self, *, seed: int = 1, mode: str = "RGB", size: tuple[int, int] = SIZE) -> Item:
        """A coded picture and the properties that it needs."""
        configuration, data = _coded(self.name, self.configuration, seed, mode, size)
        channels = len(mode)
        return Item(
            kind=self.kind,
            data=data,
            properties=(
                full(b"ispe", 0, 0, struct.pack(">II", *size)),
                full(b"pixi", 0, 0, bytes([channels, *[8] * channels])),
                configuration,
            ),
        )

    def file(self, *others: Item, **options: Any) -> File:
        """A file of one picture and other items."""
        return File(brand=self.brand, items=[self.item(), *others], **options)


HEVC = Coding("HEIF", b"hvc1", b"heic", b"hvcC")
AV1 = Coding("AVIF", b"av01", b"avif", b"av1C")


@cache
def _coded(
    name: str, configuration: bytes, seed: int, mode: str, size: tuple[int, int]
) -> tuple[bytes, bytes]:
    """The configuration and the data of a picture, taken out of what an encoder writes."""
    rng = random.Random(seed)
    small = Image.frombytes(mode, (5, 4), rng.randbytes(20 * len(mode)))
    written = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(written, name, quality=60)
    data = written.getvalue()
    at = data.index(configuration) - 4
    end = at + int.from_bytes(data[at : at + 4])
    start = data.index(b"mdat") + 4
    return data[at:end], data[start:]


def shown(data: bytes) -> tuple[tuple[int, int], str, bytes]:
    """Size, mode and pixels of the picture that opens first."""
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.mode, image.tobytes()


def hevc_unit(kind: int, content: bytes, layer: int = 0) -> bytes:
    """A unit with its length before it."""
    header = bytes([kind << 1 | layer >> 5, (layer & 0x1F) << 3 | 1])
    return struct.pack(">I", 2 + len(content)) + header + content


def replaced(item: Item, *properties: bytes) -> Item:
    """The same item with these properties in place of its own of the same kinds."""
    new = {one[4:8]: one for one in properties}
    kept = tuple(new.pop(one[4:8], one) for one in item.properties)
    return msgspec.structs.replace(item, properties=(*kept, *new.values()))


def size(across: int, down: int) -> bytes:
    return full(b"ispe", 0, 0, struct.pack(">II", across, down))


def crop(across: int, down: int, right: int = 0, below: int = 0) -> bytes:
    """A crop of so many pixels, whose middle lies so many beside that of the picture."""
    return box(b"clap", struct.pack(">4IiIiI", across, 1, down, 1, right, 1, below, 1))


def encoder_note(text: bytes) -> bytes:
    """An SEI unit in which an encoder says of itself what it likes."""
    payload = bytes(range(16)) + text
    return hevc_unit(39, bytes([5, len(payload)]) + payload + b"\x80")


def obu(kind: int, content: bytes, *, extension: bytes = b"") -> bytes:
    header = bytes([kind << 3 | bool(extension) << 2 | 2]) + extension
    return header + bytes([len(content)]) + content


def coded_as(coding: Coding, data: bytes, *more: bytes) -> File:
    """A file whose picture has this data, and these properties more."""
    file = coding.file()
    file.items[0].data = data
    file.items[0].properties += more
    return file


def auxiliary(
    coding: Coding, role: bytes, *, seed: int, mode: str = "L", size: tuple[int, int] = SIZE
) -> Item:
    item = coding.item(seed=seed, mode=mode, size=size)
    item.properties += (full(b"auxC", 0, 0, role, b"\0"),)
    item.hidden = True
    return item


def boxes_of(data: bytes, start: int = 0, end: int | None = None) -> dict[bytes, bytes]:
    """The boxes of a well-formed file: types and payloads."""
    found = {}
    end = len(data) if end is None else end
    while start < end:
        size = int.from_bytes(data[start : start + 4])
        found[data[start + 4 : start + 8]] = data[start + 8 : start + size]
        start += size
    return found


def meta_of(data: bytes) -> dict[bytes, bytes]:
    """The boxes of the list of items."""
    return boxes_of(boxes_of(data)[b"meta"][4:])


def properties_of(data: bytes) -> dict[bytes, bytes]:
    """The properties in it, of each type the last."""
    return boxes_of(boxes_of(meta_of(data)[b"iprp"])[b"ipco"])


def simple(coding: Coding) -> File:
    return coding.file()


def with_alpha(coding: Coding) -> File:
    alpha = auxiliary(coding, ALPHA, seed=2, mode="L")
    return coding.file(alpha, references=((b"auxl", 2, (1,)),))


def premultiplied(coding: Coding) -> File:
    alpha = auxiliary(coding, ALPHA, seed=2, mode="L")
    return coding.file(alpha, references=((b"auxl", 2, (1,)), (b"prem", 1, (2,))))


def turned(coding: Coding) -> File:
    file = coding.file()
    file.items[0].properties += (box(b"irot", b"\1"), box(b"imir", b"\1"))
    return file


def with_colours(coding: Coding) -> File:
    file = coding.file()
    file.items[0].properties += (
        box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 0x80)),
        box(b"clli", struct.pack(">HH", 1000, 400)),
        box(b"pasp", struct.pack(">II", 1, 1)),
    )
    return file


def grid(coding: Coding, *, in_idat: bool = True, tail: bytes = b"", flags: int = 0) -> File:
    """Four pictures side by side, which the shown picture is put together from."""
    tiles = [coding.item(seed=seed, size=(64, 64)) for seed in range(4)]
    for tile in tiles:
        tile.hidden = True
    whole = Item(
        kind=b"grid",
        data=struct.pack(">BBBBHH", 0, flags, 1, 1, 120, 100) + tail,
        properties=(full(b"ispe", 0, 0, struct.pack(">II", 120, 100)),),
        in_idat=in_idat,
    )
    return File(
        brand=coding.brand,
        items=[*tiles, whole],
        primary=5,
        references=((b"dimg", 5, (1, 2, 3, 4)),),
    )


def grid_with_alpha(coding: Coding) -> File:
    file = grid(coding)
    file.items.append(auxiliary(coding, ALPHA, seed=7, size=(120, 100)))
    file.references += ((b"auxl", 6, (5,)),)
    return file


def same_again(coding: Coding) -> File:
    """A picture that is derived from another without changing it but for a turn."""
    file = coding.file()
    size = file.items[0].properties[0]
    file.items.append(Item(kind=b"iden", properties=(size, box(b"irot", b"\3"))))
    return msgspec.structs.replace(file, primary=2, references=((b"dimg", 2, (1,)),))


def scattered(coding: Coding) -> File:
    file = coding.file(gap=b"\0" * 7)
    file.items[0].pieces = 5
    return file


def data_before_the_list(coding: Coding) -> File:
    file = with_alpha(coding)
    file.data_first = True
    return file


def several_boxes_of_data(coding: Coding) -> File:
    file = with_alpha(coding)
    file.separate = True
    return file


def places_counted_from_a_base(coding: Coding) -> File:
    file = with_alpha(coding)
    file.base, file.wide = 100, 8
    return file


def picture_in_the_list_of_items(coding: Coding) -> File:
    file = with_alpha(coding)
    file.items[0].in_idat = True
    return file


CLEAN_PICTURES: tuple[Callable[[Coding], File], ...] = (
    simple,
    with_alpha,
    premultiplied,
    turned,
    with_colours,
    grid,
    grid_with_alpha,
    scattered,
    data_before_the_list,
    several_boxes_of_data,
    places_counted_from_a_base,
    picture_in_the_list_of_items,
)
