"""JPEG files, each with a secret in one hiding place."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import warnings
from collections.abc import Callable

from PIL import Image

from tests.builders import exif, icc
from tests.builders.photos import encoded, scene

CANARY = b"CANARY-0451-was-here!"
"""21 bytes, seven pixels of three."""
SIZE = (72, 56)

Place = Callable[[bytes], bytes]
"""Takes a picture and hides the canary in it."""

XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\0"
GUID = b"0123456789ABCDEF0123456789ABCDEF"


def baseline() -> bytes:
    return encoded(scene(*SIZE), quality=80)


def progressive() -> bytes:
    return encoded(scene(*SIZE), quality=80, progressive=True)


def grey() -> bytes:
    return encoded(scene(*SIZE).convert("L"), quality=80)


def cmyk() -> bytes:
    return encoded(scene(*SIZE).convert("CMYK"), quality=80)


def rgb() -> bytes:
    """Without the usual colour transform, which only the Adobe segment tells."""
    return encoded(scene(*SIZE), quality=80, keep_rgb=True)


def with_restarts() -> bytes:
    return encoded(scene(*SIZE), quality=80, restart_marker_blocks=2)


def progressive_with_restarts() -> bytes:
    return encoded(scene(*SIZE), quality=80, progressive=True, restart_marker_blocks=3)


def with_odd_sampling() -> bytes:
    return encoded(scene(61, 47), quality=80, subsampling="4:2:2", restart_marker_blocks=1)


def arithmetic(*options: str) -> bytes | None:
    """Arithmetic-coded by libjpeg-turbo's cjpeg; None where there is none that can."""
    program = shutil.which("cjpeg")
    if program is None:
        return None
    picture = io.BytesIO()
    scene(*SIZE).save(picture, "PPM")
    command = [program, "-arithmetic", *options]
    run = subprocess.run(command, input=picture.getvalue(), capture_output=True, check=False)
    return run.stdout if run.returncode == 0 else None


PICTURES: tuple[Callable[[], bytes], ...] = (
    baseline,
    progressive,
    grey,
    cmyk,
    rgb,
    with_restarts,
    progressive_with_restarts,
    with_odd_sampling,
)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def taken_apart(jpeg: bytes) -> list[bytes]:
    """The segments and scans of a well-formed file, from SOI to EOI."""
    pieces, at = [jpeg[:2]], 2
    while jpeg[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        pieces.append(jpeg[at:end])
        if jpeg[at + 1] == 0xDA:
            at = end
            while jpeg[end] != 0xFF or jpeg[end + 1] == 0 or 0xD0 <= jpeg[end + 1] <= 0xD7:
                end += 1
            pieces.append(jpeg[at:end])
        at = end
    return [*pieces, jpeg[at:]]


def where(pieces: list[bytes], marker: int) -> int:
    """Which piece begins with a marker first."""
    return next(n for n, piece in enumerate(pieces) if piece[:2] == bytes((0xFF, marker)))


def before(jpeg: bytes, marker: int, planted: bytes) -> bytes:
    pieces = taken_apart(jpeg)
    pieces.insert(where(pieces, marker), planted)
    return b"".join(pieces)


def behind_start(jpeg: bytes, planted: bytes) -> bytes:
    return jpeg[:2] + planted + jpeg[2:]


def behind_first_scan(jpeg: bytes, planted: bytes) -> bytes:
    pieces = taken_apart(jpeg)
    pieces.insert(where(pieces, 0xDA) + 2, planted)
    return b"".join(pieces)


def replaced(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """Put another body into the first segment with a marker."""
    pieces = taken_apart(jpeg)
    pieces[where(pieces, marker)] = segment(marker, body)
    return b"".join(pieces)


def body_of(jpeg: bytes, marker: int) -> bytes:
    pieces = taken_apart(jpeg)
    return pieces[where(pieces, marker)][4:]


def lengthened(jpeg: bytes, marker: int, tail: bytes) -> bytes:
    """Put more into a segment than belongs there."""
    pieces = taken_apart(jpeg)
    n = where(pieces, marker)
    pieces[n] = segment(marker, pieces[n][4:] + tail)
    return b"".join(pieces)


def without(jpeg: bytes, marker: int) -> bytes:
    return b"".join(piece for piece in taken_apart(jpeg) if piece[:2] != bytes((0xFF, marker)))


def app1_exif(jpeg: bytes) -> bytes:
    block = exif.tiff(IFD0=[exif.text(0x010F, CANARY.decode()), exif.short("<", 0x0112, 6)])
    return before(jpeg, 0xDB, segment(0xE1, b"Exif\0\0" + block))


def second_exif(jpeg: bytes) -> bytes:
    plain = segment(0xE1, b"Exif\0\0" + exif.tiff(IFD0=[exif.short("<", 0x0112, 3)]))
    return before(app1_exif(jpeg), 0xDB, plain)


def broken_exif(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDB, segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff" + CANARY))


def thumbnail_in_exif(jpeg: bytes) -> bytes:
    block, small = exif.a_thumbnail()
    block = block.replace(small, small[:2] + segment(0xFE, CANARY) + small[25:])
    return before(jpeg, 0xDB, segment(0xE1, b"Exif\0\0" + block))


def thumbnail_in_jfif(jpeg: bytes) -> bytes:
    body = b"JFIF\0\x01\x02\x01\0\x48\0\x48\x07\x01" + CANARY
    return behind_start(without(jpeg, 0xE0), segment(0xE0, body))


def thumbnail_in_jfxx(jpeg: bytes) -> bytes:
    small = encoded(scene(16, 12))
    small = small[:2] + segment(0xFE, CANARY) + small[2:]
    return before(jpeg, 0xDB, segment(0xE0, b"JFXX\0\x10" + small))


def thumbnail_in_photoshop(jpeg: bytes) -> bytes:
    resource = b"8BIM\x04\x0c\0\0" + struct.pack(">I", 28 + len(CANARY)) + bytes(28) + CANARY
    return before(jpeg, 0xDB, segment(0xED, b"Photoshop 3.0\0" + resource + b"\0"))


def iptc_over_two_segments(jpeg: bytes) -> bytes:
    record = b"\x1c\x02\x50" + struct.pack(">H", len(CANARY)) + CANARY
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record
    halves = resource[:9], resource[9:]
    return before(jpeg, 0xDB, b"".join(segment(0xED, b"Photoshop 3.0\0" + half) for half in halves))


def xmp(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDB, segment(0xE1, XMP + b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"))


def extended_xmp(jpeg: bytes) -> bytes:
    packet = b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    pieces = [
        segment(0xE1, EXTENDED_XMP + GUID + struct.pack(">II", len(packet), at) + packet[at:end])
        for at, end in ((32, None), (0, 32))
    ]
    return before(jpeg, 0xDB, b"".join(pieces))


def profile_of_a_monitor(jpeg: bytes) -> bytes:
    return with_profile(jpeg, icc.of_a_monitor("A monitor", CANARY.decode()))


def with_profile(
    jpeg: bytes, profile: bytes, size: int = 65_519, *, backwards: bool = False
) -> bytes:
    """A profile in APP2, in chunks of so many bytes."""
    chunks = [profile[at : at + size] for at in range(0, len(profile), size)]
    planted = [
        segment(0xE2, b"ICC_PROFILE\0" + bytes((n, len(chunks))) + chunk)
        for n, chunk in enumerate(chunks, 1)
    ]
    return before(jpeg, 0xDB, b"".join(planted[::-1] if backwards else planted))


def profile_that_is_none(jpeg: bytes) -> bytes:
    return with_profile(jpeg, CANARY * 9)


def profile_with_a_missing_chunk(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDB, segment(0xE2, b"ICC_PROFILE\0\x01\x02" + CANARY))


def profile_behind_the_scan(jpeg: bytes) -> bytes:
    return behind_first_scan(jpeg, segment(0xE2, b"ICC_PROFILE\0\x01\x01" + CANARY))


def multi_picture_index(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDB, segment(0xE2, b"MPF\0II*\0\x08\0\0\0\0\0" + CANARY))


def c2pa_in_two_packets(jpeg: bytes) -> bytes:
    box = b"jumb\0\0\0\x1ejumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0" + CANARY * 3
    head = struct.pack(">I", len(box) + 4) + box[:4]
    first, second = box[4:50], box[50:]
    packets = [
        segment(0xEB, b"JP\0\x01" + struct.pack(">I", n) + head + piece)
        for n, piece in ((1, first), (2, second))
    ]
    return before(jpeg, 0xDB, b"".join(packets))


def ducky(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDB, segment(0xEC, b"Ducky\0" + CANARY))


def any_other_application_segment(jpeg: bytes) -> bytes:
    others = (*range(0xE3, 0xEB), 0xEF)
    return before(jpeg, 0xDB, b"".join(segment(marker, CANARY) for marker in others))


def unnamed_in_known_application_segments(jpeg: bytes) -> bytes:
    others = (0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xEE)
    return before(jpeg, 0xDB, b"".join(segment(marker, CANARY) for marker in others))


def comment(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDB, segment(0xFE, CANARY))


def comment_behind_the_first_scan(jpeg: bytes) -> bytes:
    return behind_first_scan(jpeg, segment(0xFE, CANARY))


def comment_before_the_end(jpeg: bytes) -> bytes:
    return before(jpeg, 0xD9, segment(0xFE, CANARY))


def bytes_behind_the_start(jpeg: bytes) -> bytes:
    return behind_start(jpeg, b"\xff\xd0" + CANARY)


def bytes_between_segments(jpeg: bytes) -> bytes:
    return before(jpeg, 0xC4, CANARY) if 0xC4 in markers(jpeg) else before(jpeg, 0xDA, CANARY)


def bytes_before_the_end(jpeg: bytes) -> bytes:
    """A marker that stands alone ends the scan; what follows it is skipped."""
    return before(jpeg, 0xD9, b"\xff\x01" + CANARY + b"\xff\0" + CANARY + b"\xff\xff\xff")


def markers(jpeg: bytes) -> set[int]:
    return {piece[1] for piece in taken_apart(jpeg) if piece[:1] == b"\xff"}


def behind_a_restart_too_many(jpeg: bytes) -> bytes:
    """Eight of them, so that one of them has the number that is wanted next."""
    return behind_first_scan(jpeg, b"".join(bytes((0xFF, 0xD0 + n)) + CANARY for n in range(8)))


def adobe_after_the_first_scan(jpeg: bytes) -> bytes:
    return behind_first_scan(jpeg, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + CANARY))


def jfif_after_the_first_scan(jpeg: bytes) -> bytes:
    return behind_first_scan(jpeg, segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0" + CANARY))


def tail_of_jfif(jpeg: bytes) -> bytes:
    jpeg = without(jpeg, 0xE0)
    return behind_start(jpeg, segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0" + CANARY))


def quantisation_table_without_use(jpeg: bytes) -> bytes:
    return before(jpeg, 0xDA, segment(0xDB, b"\x03" + (CANARY * 4)[:64]))


def quantisation_table_beside_others(jpeg: bytes) -> bytes:
    return lengthened(jpeg, 0xDB, b"\x03" + (CANARY * 4)[:64])


def huffman_table_without_use(jpeg: bytes) -> bytes:
    counts = bytes(15) + bytes((len(CANARY),))
    return before(jpeg, 0xDA, segment(0xC4, b"\x13" + counts + CANARY))


def huffman_table_that_is_replaced(jpeg: bytes) -> bytes:
    counts = bytes(15) + bytes((len(CANARY),))
    return before(jpeg, 0xC4, segment(0xC4, b"\x00" + counts + CANARY))


def tables_behind_the_last_scan(jpeg: bytes) -> bytes:
    return before(jpeg, 0xD9, segment(0xDB, b"\0" + (CANARY * 4)[:64]) + segment(0xDD, b"CA"))


def number_of_lines_said_twice(jpeg: bytes) -> bytes:
    lines = segment(0xDC, SIZE[1].to_bytes(2))
    return before(jpeg, 0xD9, lines + segment(0xDC, b"\0\x07" + CANARY))


def another_jpeg_after_the_end(jpeg: bytes) -> bytes:
    return jpeg + bytes(7) + comment(baseline()) + CANARY


def motion_photo_after_the_end(jpeg: bytes) -> bytes:
    boxes = b"\0\0\0\x10ftypmp42\0\0\0\0" + struct.pack(">I", 8 + len(CANARY)) + b"mdat" + CANARY
    return jpeg + boxes


def samsung_data_after_the_end(jpeg: bytes) -> bytes:
    block = b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data" + CANARY
    entry = b"\0\0\x01\x0a" + struct.pack("<II", len(block), len(block))
    directory = b"SEFH" + struct.pack("<II", 106, 1) + entry
    return jpeg + block + directory + struct.pack("<I", len(directory)) + b"SEFT"


def zip_after_the_end(jpeg: bytes) -> bytes:
    return jpeg + b"PK\x03\x04" + CANARY


def text_after_the_end(jpeg: bytes) -> bytes:
    return jpeg + CANARY


PLACES: dict[Place, str] = {
    app1_exif: "exif",
    second_exif: "exif",
    broken_exif: "exif",
    thumbnail_in_exif: "exif",
    thumbnail_in_jfif: "thumbnail",
    thumbnail_in_jfxx: "thumbnail",
    thumbnail_in_photoshop: "photoshop",
    iptc_over_two_segments: "photoshop",
    xmp: "xmp",
    extended_xmp: "xmp",
    profile_of_a_monitor: "icc",
    profile_that_is_none: "icc",
    profile_with_a_missing_chunk: "icc",
    profile_behind_the_scan: "icc",
    multi_picture_index: "mpf",
    c2pa_in_two_packets: "c2pa",
    ducky: "segment",
    any_other_application_segment: "segment",
    unnamed_in_known_application_segments: "segment",
    comment: "comment",
    comment_behind_the_first_scan: "comment",
    comment_before_the_end: "comment",
    bytes_behind_the_start: "unknown",
    bytes_between_segments: "unknown",
    bytes_before_the_end: "unknown",
    behind_a_restart_too_many: "unknown",
    adobe_after_the_first_scan: "segment",
    jfif_after_the_first_scan: "segment",
    tail_of_jfif: "unknown",
    quantisation_table_without_use: "unknown",
    quantisation_table_beside_others: "unknown",
    huffman_table_without_use: "unknown",
    tables_behind_the_last_scan: "unknown",
    number_of_lines_said_twice: "unknown",
    another_jpeg_after_the_end: "trailer",
    motion_photo_after_the_end: "trailer",
    samsung_data_after_the_end: "trailer",
    zip_after_the_end: "trailer",
    text_after_the_end: "trailer",
}
"""Hiding place -> the language in which the canary is handed out."""

STACKABLE: tuple[Place, ...] = (
    thumbnail_in_jfif,
    app1_exif,
    xmp,
    extended_xmp,
    profile_of_a_monitor,
    iptc_over_two_segments,
    any_other_application_segment,
    comment_behind_the_first_scan,
    quantisation_table_without_use,
    behind_a_restart_too_many,
    bytes_before_the_end,
    another_jpeg_after_the_end,
    samsung_data_after_the_end,
)
"""Places that can all be filled in one file, in this order."""


def tail_of_adobe() -> tuple[bytes, bytes]:
    return lengthened(cmyk(), 0xEE, CANARY), cmyk()


def tail_of_quantisation_tables() -> tuple[bytes, bytes]:
    return lengthened(baseline(), 0xDB, CANARY), baseline()


def tail_of_huffman_tables() -> tuple[bytes, bytes]:
    return lengthened(baseline(), 0xC4, CANARY), baseline()


def tail_of_restart_interval() -> tuple[bytes, bytes]:
    return lengthened(with_restarts(), 0xDD, CANARY), with_restarts()


def tail_of_frame_header() -> tuple[bytes, bytes]:
    return lengthened(baseline(), 0xC0, CANARY), baseline()


def tail_of_scan_header() -> tuple[bytes, bytes]:
    return lengthened(baseline(), 0xDA, CANARY), baseline()


TAILS: tuple[Callable[[], tuple[bytes, bytes]], ...] = (
    tail_of_adobe,
    tail_of_quantisation_tables,
    tail_of_huffman_tables,
    tail_of_restart_interval,
    tail_of_frame_header,
    tail_of_scan_header,
)
"""Segments that are longer than their content, each with the picture as it should be."""


def two_views() -> bytes:
    """An MPO as a stereo camera makes it."""
    written = io.BytesIO()
    left, right = scene(*SIZE), scene(*SIZE, seed=8)
    left.save(written, "MPO", save_all=True, append_images=[right])
    return written.getvalue()


def pixels(jpeg: bytes) -> tuple[str, tuple[int, int], bytes]:
    """Mode, size and pixels of the first picture. Raises OSError where Pillow cannot decode it."""
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(jpeg)) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


def shown(source: bytes) -> tuple[str, tuple[int, int], bytes] | None:
    """What a damaged picture shows, None for nothing.

    libjpeg-turbo decodes in another way where the input comes to its end, which shows where
    codes are missing; so there is always an end, and something behind it.
    """
    try:
        return pixels(source + b"\xff\xd9" + bytes(8192))
    except (OSError, SyntaxError, ValueError, IndexError, TypeError):
        return None
