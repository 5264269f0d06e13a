"""WebP files, each with a secret in one hiding place."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable

from PIL import Image, ImageCms

CANARY = b"CANARY-0451-was-here!"
"""Of odd length, so that what holds it wants padding."""

ORIENTED = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0%c\0\0\0\0\0\0\0"


def scene(size: tuple[int, int] = (40, 30), mode: str = "RGB", seed: int = 1) -> Image.Image:
    random_bytes = random.Random(seed).randbytes(5 * 4 * len(mode))
    return Image.frombytes(mode, (5, 4), random_bytes).resize(size, Image.Resampling.BICUBIC)


def encoded(picture: Image.Image, **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, "WEBP", **options)
    return written.getvalue()


def lossy() -> bytes:
    return encoded(scene(), quality=70)


def lossless() -> bytes:
    return encoded(scene(), lossless=True)


def lossless_with_alpha() -> bytes:
    return encoded(scene(mode="RGBA"), lossless=True)


def alpha() -> bytes:
    return encoded(scene(mode="RGBA"), quality=70)


def alpha_uncompressed() -> bytes:
    plane = scene(mode="RGBA").getchannel("A").tobytes()
    return file(
        [(name, b"\0" + plane if name == b"ALPH" else data) for name, data in chunks(alpha())]
    )


def animated(*, quality: int = 70, lossless: bool = False) -> bytes:
    first, *rest = (scene(mode="RGBA", seed=seed) for seed in range(4))
    return encoded(
        first,
        save_all=True,
        append_images=rest,
        duration=[40, 80, 120, 160],
        loop=3,
        quality=quality,
        lossless=lossless,
    )


def animated_lossless() -> bytes:
    return animated(lossless=True)


def with_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(scene(), quality=70, icc_profile=profile)


def with_exif_and_xmp() -> bytes:
    return encoded(scene(), quality=70, exif=private_tiff(6), xmp=CANARY)


CLEAN_PICTURES: tuple[Callable[[], bytes], ...] = (
    lossy,
    lossless,
    lossless_with_alpha,
    alpha,
    animated,
    animated_lossless,
)


def private_tiff(orientation: int = 1) -> bytes:
    """A TIFF block with an orientation and, as its maker, the canary."""
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    maker = struct.pack("<HHII", 0x010F, 2, len(CANARY), 38)
    return b"II*\0\x08\0\0\0\x02\0" + maker + entries + b"\0\0\0\0" + CANARY


def chunk(name: bytes, data: bytes, pad: bytes = b"\0") -> bytes:
    return name + struct.pack("<I", len(data)) + data + pad * (len(data) & 1)


def chunks(webp: bytes, start: int = 12) -> list[tuple[bytes, bytes]]:
    """The chunks of a well-formed file, or of a frame: names and data."""
    found = []
    while start < len(webp):
        (size,) = struct.unpack_from("<I", webp, start + 4)
        found.append((webp[start : start + 4], webp[start + 8 : start + 8 + size]))
        start += 8 + size + (size & 1)
    return found


def file(content: list[tuple[bytes, bytes]]) -> bytes:
    return riff(b"".join(chunk(name, data) for name, data in content))


def riff(content: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content


def extended(webp: bytes, flags: int = 0) -> bytes:
    """The same picture with a VP8X chunk that has these flags too."""
    content = chunks(webp)
    if content[0][0] == b"VP8X":
        fields = content.pop(0)[1]
        return file([(b"VP8X", bytes([fields[0] | flags]) + fields[1:]), *content])
    with Image.open(io.BytesIO(webp)) as image:
        width, height = image.size
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return file([(b"VP8X", bytes([flags, 0, 0, 0]) + canvas), *content])


def _behind(webp: bytes, name: bytes, data: bytes = CANARY) -> bytes:
    return riff(webp[12:] + chunk(name, data))


def _before(webp: bytes, position: int, name: bytes, data: bytes = CANARY) -> bytes:
    content = chunks(webp)
    content.insert(position, (name, data))
    return file(content)


def _frames(change: Callable[[bytes], bytes]) -> bytes:
    """An animation with every frame's data changed."""
    return file(
        [(name, change(data) if name == b"ANMF" else data) for name, data in chunks(animated())]
    )


def _longer(webp: bytes, name: bytes, data: bytes = CANARY) -> bytes:
    return file([(one, old + data if one == name else old) for one, old in chunks(webp)])


def exif_chunk() -> bytes:
    return _behind(extended(lossy(), 0x08), b"EXIF", private_tiff())


def exif_chunk_with_prefix() -> bytes:
    return _behind(extended(lossy(), 0x08), b"EXIF", b"Exif\0\0" + private_tiff())


def exif_chunk_without_flag() -> bytes:
    return _behind(extended(lossy()), b"EXIF", private_tiff(6))


def exif_chunk_without_vp8x() -> bytes:
    return _behind(lossy(), b"EXIF", private_tiff(6))


def second_exif_chunk() -> bytes:
    first = _behind(extended(lossy(), 0x08), b"EXIF", private_tiff(1))
    return _behind(first, b"EXIF", private_tiff(6))


def exif_chunk_of_an_animation() -> bytes:
    return _behind(extended(animated(), 0x08), b"EXIF", private_tiff())


def exif_behind_a_plain_orientation() -> bytes:
    return _behind(extended(lossy(), 0x08), b"EXIF", ORIENTED.replace(b"%c", b"\1") + CANARY)


def xmp_chunk() -> bytes:
    return _behind(extended(lossy(), 0x04), b"XMP ", b"<x:xmpmeta>" + CANARY)


def xmp_chunk_without_flag() -> bytes:
    return _behind(extended(lossy()), b"XMP ")


def unusable_profile() -> bytes:
    return _before(extended(lossy(), 0x20), 1, b"ICCP")


def profile_without_flag() -> bytes:
    return _before(extended(lossy()), 1, b"ICCP")


def second_profile() -> bytes:
    return _behind(with_profile(), b"ICCP")


def data_behind_the_profile() -> bytes:
    return _longer(with_profile(), b"ICCP")


def unknown_chunk_behind_the_picture() -> bytes:
    return _behind(extended(lossy()), b"priv")


def unknown_chunk_before_the_picture() -> bytes:
    return _before(extended(lossy()), 1, b"priv")


def unknown_chunk_with_unprintable_name() -> bytes:
    return _behind(extended(lossy()), b"\xff\x00\n\x1b")


def chunk_behind_a_simple_picture() -> bytes:
    return _behind(lossy(), b"priv")


def unknown_chunk_between_frames() -> bytes:
    return _before(animated(), 4, b"priv")


def unknown_chunk_inside_frames() -> bytes:
    return _frames(lambda data: data + chunk(b"priv", CANARY))


def exif_inside_frames() -> bytes:
    return _frames(lambda data: data + chunk(b"EXIF", private_tiff(3)))


def xmp_inside_frames() -> bytes:
    return _frames(lambda data: data + chunk(b"XMP ", CANARY))


def stray_bytes_inside_frames() -> bytes:
    return _frames(lambda data: data + CANARY[:6])


def frame_without_a_picture() -> bytes:
    return _before(animated(), 3, b"ANMF", bytes(16) + chunk(b"priv", CANARY))


def second_picture() -> bytes:
    return _behind(extended(lossy()), b"VP8 ", CANARY)


def second_alpha_plane() -> bytes:
    return _behind(alpha(), b"ALPH")


def chunk_in_place_of_the_alpha_plane() -> bytes:
    """A picture that says that it has transparency, and a plane that is not known as one."""
    return _before(extended(lossy(), 0x10), 1, b"ALPX")


def alpha_plane_without_flag() -> bytes:
    return _before(extended(lossy()), 1, b"ALPH", b"\1" + CANARY)


def alpha_plane_that_begins(header: int) -> bytes:
    """A picture with an uncompressed alpha plane, and this as the plane's first byte."""
    return file(
        [
            (name, bytes([header]) + data[1:] if name == b"ALPH" else data)
            for name, data in chunks(alpha_uncompressed())
        ]
    )


def data_behind_an_uncompressed_alpha_plane() -> bytes:
    return _longer(alpha_uncompressed(), b"ALPH")


def even_data_behind_an_uncompressed_alpha_plane() -> bytes:
    return _longer(alpha_uncompressed(), b"ALPH", CANARY + b"!")


def second_animation_header() -> bytes:
    return _before(animated(), 2, b"ANIM")


def animation_header_of_a_still_picture() -> bytes:
    return _behind(extended(lossy()), b"ANIM")


def frame_of_a_still_picture() -> bytes:
    return _behind(extended(lossy()), b"ANMF", bytes(16) + chunk(b"priv", CANARY))


def data_behind_the_animation_header() -> bytes:
    return _longer(animated(), b"ANIM")


def data_behind_the_vp8x_fields() -> bytes:
    return _longer(extended(lossy()), b"VP8X")


def second_vp8x() -> bytes:
    return _behind(extended(lossy()), b"VP8X")


def stray_bytes_before_the_end() -> bytes:
    return riff(extended(lossy())[12:] + CANARY[:6])


def bytes_after_the_end() -> bytes:
    return lossy() + CANARY


def jpeg_after_the_end() -> bytes:
    return lossy() + b"\xff\xd8\xff\xe0" + CANARY


def zip_after_the_end() -> bytes:
    return lossy() + b"PK\x03\x04" + CANARY


def video_after_the_end() -> bytes:
    return lossy() + b"\0\0\0\x18ftypmp42" + CANARY


HIDING_PLACES: tuple[Callable[[], bytes], ...] = (
    exif_chunk,
    exif_chunk_with_prefix,
    exif_chunk_without_flag,
    exif_chunk_without_vp8x,
    second_exif_chunk,
    exif_chunk_of_an_animation,
    exif_behind_a_plain_orientation,
    xmp_chunk,
    xmp_chunk_without_flag,
    with_exif_and_xmp,
    unusable_profile,
    profile_without_flag,
    second_profile,
    data_behind_the_profile,
    unknown_chunk_behind_the_picture,
    unknown_chunk_before_the_picture,
    unknown_chunk_with_unprintable_name,
    chunk_behind_a_simple_picture,
    unknown_chunk_between_frames,
    unknown_chunk_inside_frames,
    exif_inside_frames,
    xmp_inside_frames,
    frame_without_a_picture,
    chunk_in_place_of_the_alpha_plane,
    data_behind_an_uncompressed_alpha_plane,
    even_data_behind_an_uncompressed_alpha_plane,
    second_animation_header,
    animation_header_of_a_still_picture,
    data_behind_the_animation_header,
    bytes_after_the_end,
    jpeg_after_the_end,
    zip_after_the_end,
    video_after_the_end,
)

CONTRADICTIONS: tuple[tuple[Callable[[], bytes], Callable[[], bytes]], ...] = (
    (second_picture, lossy),
    (second_alpha_plane, alpha),
    (frame_of_a_still_picture, lossy),
    (data_behind_the_vp8x_fields, lossy),
    (second_vp8x, lossy),
    (stray_bytes_before_the_end, lossy),
    (stray_bytes_inside_frames, animated),
)
"""More hiding places: files that libwebp refuses, and the picture that is in them."""


def pad_byte_that_is_not_zero() -> bytes:
    clean = alpha_uncompressed()
    end = clean.index(b"VP8 ")
    return clean[: end - 1] + b"S" + clean[end:]


def reserved_bits() -> bytes:
    """An animation with every reserved bit set that libwebp lets pass."""
    content = chunks(animated())
    fields = content[0][1]
    content[0] = (b"VP8X", fields[:1] + b"\xff\xff\xff" + fields[4:])
    return file(
        [
            (name, data[:15] + bytes([data[15] | 0xFC]) + data[16:] if name == b"ANMF" else data)
            for name, data in content
        ]
    )
