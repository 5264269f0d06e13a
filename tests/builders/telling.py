"""Files that tell known facts in each container that carries them, for a second reader to agree on.

Names, numbers and places differ from file to file, byte orders and spellings of XMP alternate.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable, Iterator

import pillow_heif
from PIL import Image

from tests.builders import c2pa, exif, jpeg, png, xmp

Build = Callable[[], bytes]
Saved = Callable[[bytes, bytes], bytes]
"""Makes a picture that carries an Exif block and an XMP packet."""

_EXIF_START, _XMP_START = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_PROMPT = "a lighthouse in a storm"
_SETTINGS = (
    f"{_PROMPT}\nNegative prompt: people\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 512x512"
)
_GRAPH = json.dumps({"6": {"class_type": "CLIPTextEncode", "inputs": {"text": _PROMPT}}})
_NODES = json.dumps({"nodes": [{"type": "CLIPTextEncode", "widgets_values": [_PROMPT]}]})
_INVOKED = json.dumps({"positive_prompt": _PROMPT, "seed": 1, "model": {"model_name": "sd-1"}})
PROMPTS = (
    ("parameters", _SETTINGS),
    ("prompt", _GRAPH),
    ("workflow", _NODES),
    ("Dream", f'"{_PROMPT}" -s 50 -S 1'),
    ("invokeai_metadata", _INVOKED),
    ("sd-metadata", json.dumps({"image": {"prompt": [{"prompt": _PROMPT}]}})),
)
"""Keyword of a PNG text, and what the programs write under it."""

_VIEWS = (0x020001, 0x020002, 0x020003)
"""What the second picture of a file is, as a multi-picture index has it."""


def telling() -> Iterator[tuple[str, str, Build]]:
    """Yield the container, what the file is called, and how to make it."""
    for container, save in _CONTAINERS:
        for number in range(3):
            yield container, f"everything-{number}", lambda s=save, n=number: _everything(s, n)
    for number, (keyword, text) in enumerate(PROMPTS):
        for kind in (b"tEXt", b"iTXt") if number % 2 else (b"tEXt", b"zTXt"):
            yield (
                "png",
                f"{keyword}-{kind.decode()}",
                lambda k=kind, w=keyword, t=text: _texted(k, w, t),
            )
    for kind in _VIEWS:
        for order in "<>":
            for pictures in (2, 3):
                yield (
                    "jpeg",
                    f"{pictures}-pictures-{kind:x}{order}",
                    lambda k=kind, o=order, p=pictures: _pictures(k, o, p),
                )
    for action in ("created", "opened", "color_adjustments", "cropped", "resized"):
        yield "jpeg", f"c2pa-{action}", lambda a=action: _signed_jpeg(_record(a))
        yield "png", f"c2pa-{action}", lambda a=action: _signed_png(_record(a))


def _everything(save: Saved, number: int) -> bytes:
    """Where and when a picture was taken, with what, by whom, for whom, and a small copy of it."""
    order, name = "<>"[number % 2], f"{number}-{save.__name__.strip('_')}"
    _, thumbnail = exif.a_thumbnail((32 + number, 24))
    block = exif.tiff(
        order,
        IFD0=[
            exif.text(0x010F, "Acme"),
            exif.text(0x0110, f"Shooter {name}"),
            exif.text(0x0131, f"Firmware {name}"),
            exif.text(0x0132, f"2025:04:0{number + 2} 08:00:00"),
            exif.text(0x013B, f"Ada {name}"),
        ],
        Exif=[
            exif.text(0x9003, f"2025:04:0{number + 1} 18:22:05"),
            exif.text(0xA431, f"SN-{number}{len(name):03}77"),
        ],
        GPS=[
            exif.text(1, "SN"[number % 2]),
            exif.rationals(order, 2, (10 + number, 1), (30, 1), (1234, 100)),
            exif.text(3, "WE"[number % 2]),
            exif.rationals(order, 4, (20 + number, 1), (15, 1), (4321, 100)),
        ],
        IFD1=[(0x0201, exif.LONG, b"\0\0\0\0"), (0x0202, exif.LONG, b"\0\0\0\0")],
    )
    block = _with_thumbnail(block, order, thumbnail)
    facts = {
        "photoshop:Credit": f"Agency {name}",
        "photoshop:Source": f"Archive {name}",
        "photoshop:CaptionWriter": f"Grace {name}",
        "photoshop:AuthorsPosition": f"Staff photographer {number}",
        "Iptc4xmpExt:DigitalSourceType": GENERATED,
    }
    if number % 2:
        packet = xmp.packet(elements="".join(f"<{k}>{v}</{k}>" for k, v in facts.items()))
    else:
        packet = xmp.packet(" ".join(f'{key}="{value}"' for key, value in facts.items()))
    return save(block, packet)


def _with_thumbnail(block: bytes, order: str, thumbnail: bytes) -> bytes:
    """Put a JPEG behind a block, and say in the last two tags of its IFD1 where it stands."""
    for tag, value in ((0x0201, len(block)), (0x0202, len(thumbnail))):
        entry = struct.pack(order + "HHI", tag, exif.LONG, 1)
        at = block.rindex(entry) + len(entry)
        block = block[:at] + struct.pack(order + "I", value) + block[at + 4 :]
    return block + thumbnail


def _picture() -> Image.Image:
    return Image.linear_gradient("L").resize((64, 48)).convert("RGB")


def _written(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    _picture().save(out, kind, **options)
    return out.getvalue()


def _jpeg(block: bytes, packet: bytes) -> bytes:
    segments = jpeg.segment(0xE1, _EXIF_START + block) + jpeg.segment(0xE1, _XMP_START + packet)
    return jpeg.behind_start(jpeg.baseline(), segments)


def _png(block: bytes, packet: bytes) -> bytes:
    text = b"XML:com.adobe.xmp\0\0\0\0\0" + packet
    return png.before(png.rgb(), b"IDAT", (b"eXIf", block), (b"iTXt", text))


def _webp(block: bytes, packet: bytes) -> bytes:
    return _written("WEBP", exif=block, xmp=packet)


def _avif(block: bytes, packet: bytes) -> bytes:
    return _written("AVIF", exif=_EXIF_START + block, xmp=packet)


def _heic(block: bytes, packet: bytes) -> bytes:
    out = io.BytesIO()
    made = pillow_heif.from_pillow(_picture())
    made.save(out, exif=_EXIF_START + block, xmp=packet)
    return out.getvalue()


_CONTAINERS: tuple[tuple[str, Saved], ...] = (
    ("jpeg", _jpeg),
    ("png", _png),
    ("webp", _webp),
    ("avif", _avif),
    ("heic", _heic),
)


def _texted(kind: bytes, keyword: str, text: str) -> bytes:
    data = {
        b"tEXt": keyword.encode() + b"\0" + text.encode(),
        b"zTXt": keyword.encode() + b"\0\0" + zlib.compress(text.encode()),
        b"iTXt": keyword.encode() + b"\0\0\0\0\0" + text.encode(),
    }
    return png.before(png.rgb(), b"IDAT", (kind, data[kind]))


def _pictures(kind: int, order: str, pictures: int) -> bytes:
    """Pictures behind each other, with an index of all in the first (CIPA DC-007 5.2)."""
    whole = jpeg.baseline()
    further = [jpeg.grey()] * (pictures - 1)
    # The index stands behind the first two bytes; offsets count from its TIFF header.
    index_size = 8 + 2 + 3 * 12 + 4 + 16 * pictures
    begin = 2 + 4 + 4
    first = len(whole) + 4 + 4 + index_size
    at = first - begin
    entries = struct.pack(order + "IIIHH", 0x030000, first, 0, 0, 0)
    for one in further:
        entries += struct.pack(order + "IIIHH", kind, len(one), at, 0, 0)
        at += len(one)
    head = b"II*\0" if order == "<" else b"MM\0*"
    index = head + struct.pack(order + "IH", 8, 3)
    index += struct.pack(order + "HHI4s", 0xB000, exif.UNDEFINED, 4, b"0100")
    index += struct.pack(order + "HHII", 0xB001, exif.LONG, 1, pictures)
    index += struct.pack(order + "HHII", 0xB002, exif.UNDEFINED, len(entries), 50)
    index += bytes(4) + entries
    assert len(index) == index_size
    return jpeg.behind_start(whole, jpeg.segment(0xE2, b"MPF\0" + index)) + b"".join(further)


def _record(action: str) -> bytes:
    """A signed record of one action, by a program that is called after it."""
    actions = c2pa.assertion("c2pa.actions", {"actions": [{"action": f"c2pa.{action}"}]})
    return c2pa.store(c2pa.record({"claim_generator": f"Editor of what was {action}"}, actions))


def _signed_png(store: bytes) -> bytes:
    return png.before(png.rgb(), b"IDAT", (b"caBX", store))


def _signed_jpeg(store: bytes) -> bytes:
    packet = b"JP\0\x01" + struct.pack(">I", 1) + store
    return jpeg.before(jpeg.baseline(), 0xDB, jpeg.segment(0xEB, packet))
