"""A WebP divided into its chunks, and what stands between and behind them.

Which chunk is honoured follows libwebp's demuxer (src/demux/demux.c), which the browsers use.
"""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.errors import Malformed
from unexposed.formats._fourcc import legible_code
from unexposed.formats._tiling import Tiling
from unexposed.formats._written import stands
from unexposed.formats.parts import Buffer, Part, Role
from unexposed.formats.webp import _names as names
from unexposed.formats.webp import _picture as bitstream
from unexposed.formats.webp._picture import PICTURES
from unexposed.formats.webp._riff import (
    FIXED,
    FRAME_FIELDS,
    HEADER,
    MAX_RIFF,
    RIFF_HEADER,
    Chunk,
    is_webp,
    read_chunks,
)
from unexposed.formats.webp._write import made_exif, made_profile

_METADATA = {b"ICCP": names.IDLE_PROFILE, b"EXIF": names.IDLE_EXIF, b"XMP ": names.XMP}


def divided(buffer: Buffer) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    head = buffer[:RIFF_HEADER]
    if not is_webp(head):
        raise Malformed("does not begin as a WebP file", 0)
    size = int.from_bytes(head[4:8], "little")
    end = HEADER + size
    if end > len(buffer):
        raise Malformed("the file is cut short", len(buffer))
    if size > MAX_RIFF or end < RIFF_HEADER + HEADER:
        raise Malformed("an impossible RIFF size", 4)
    chunks = read_chunks(buffer, RIFF_HEADER, end)
    tiling = Tiling()
    tiling.add(RIFF_HEADER, Role.STRUCTURE, names.RIFF)
    first = chunks[0]
    if first.fourcc in PICTURES:
        _add_picture(tiling, buffer, first, None)
        for chunk in chunks[1:]:
            _add_other(tiling, chunk)
    elif first.fourcc == b"VP8X":
        _add_extended(tiling, buffer, chunks)
    else:
        raise Malformed("the first chunk is neither a picture nor VP8X", first.start)
    tiling.add(end, Role.UNKNOWN, names.STRAY)
    tiling.add(len(buffer), Role.TRAILER, names.TRAILER)
    return tiling.parts


def _add_extended(tiling: Tiling, buffer: Buffer, chunks: Sequence[Chunk]) -> None:
    first = chunks[0]
    _add_fields(tiling, first, names.EXTENDED)
    flags = buffer[first.data]
    honoured = {
        fourcc: next((chunk.start for chunk in chunks if chunk.fourcc == fourcc), 0)
        for fourcc, flag in ((b"ICCP", names.ICC_FLAG), (b"EXIF", names.EXIF_FLAG))
        if flags & flag
    }
    animated = bool(flags & names.ANIMATION_FLAG)
    image = alpha = None
    if not animated:
        image, alpha = _shown(chunks)
        if image is None:
            raise Malformed("holds no picture", first.start)
        plane = next((chunk for chunk in chunks if chunk.fourcc == b"ALPH"), image)
        if plane.start < image.start and not flags & names.ALPHA_FLAG:
            raise Malformed("an alpha plane without its flag, which some viewers draw", plane.start)
    animation, frames = 0, 0
    for chunk in chunks[1:]:
        if chunk is image:
            _add_picture(tiling, buffer, chunk, None)
        elif chunk is alpha:
            _add_picture(tiling, buffer, chunk, image)
        elif chunk.start == honoured.get(chunk.fourcc):
            _add_honoured(tiling, buffer, chunk)
        elif chunk.fourcc == b"ANIM" and animated and not animation:
            _add_fields(tiling, chunk, names.ANIMATION)
            animation = chunk.start
        elif chunk.fourcc == b"ANMF" and animated:
            if not animation:
                raise Malformed("a frame stands before the animation's header", chunk.start)
            frames += _add_frame(tiling, buffer, chunk)
        else:
            _add_other(tiling, chunk)
    if animated and not frames:
        raise Malformed("the animation has no frame", first.start)


def _shown(chunks: Sequence[Chunk]) -> tuple[Chunk | None, Chunk | None]:
    """Return the picture among the chunks and the alpha plane that belongs to it.

    The first of each counts; a VP8L stream has its own alpha and takes no plane.
    """
    image = next((chunk for chunk in chunks if chunk.fourcc in PICTURES), None)
    if image is None or image.fourcc == b"VP8L":
        return image, None
    alpha = next((chunk for chunk in chunks if chunk.fourcc == b"ALPH"), None)
    return image, alpha if alpha and alpha.start < image.start else None


def _add_frame(tiling: Tiling, buffer: Buffer, frame: Chunk) -> bool:
    """Add an animation frame and the chunks in it; False for one that shows nothing."""
    inner = frame.data + FRAME_FIELDS
    if inner > frame.stop:
        raise Malformed("a frame is too short", frame.start)
    chunks = read_chunks(buffer, inner, frame.end)
    image, alpha = _shown(chunks)
    if image is None:
        tiling.add(inner, Role.UNKNOWN, names.EMPTY_FRAME)
    else:
        tiling.add(inner, Role.STRUCTURE, names.FRAME)
    for chunk in chunks:
        if chunk is image:
            _add_picture(tiling, buffer, chunk, None)
        elif chunk is alpha:
            _add_picture(tiling, buffer, chunk, image)
        else:
            _add_other(tiling, chunk)
    tiling.add(frame.end, Role.UNKNOWN, names.STRAY)
    return image is not None


def _add_fields(tiling: Tiling, chunk: Chunk, name: str) -> None:
    """Add a chunk of fixed length; more than its fields is unknown."""
    end = chunk.data + FIXED[chunk.fourcc]
    if end > chunk.stop:
        raise Malformed(f"the {name} chunk is too short", chunk.start)
    tiling.add(end, Role.STRUCTURE, name)
    tiling.add(chunk.end, Role.UNKNOWN, f"data behind {name}")


def _add_picture(tiling: Tiling, buffer: Buffer, chunk: Chunk, image: Chunk | None) -> None:
    """Add a picture chunk, or the alpha plane that belongs to `image`."""
    if image:
        stop = bitstream.plane_end(buffer, chunk, image)
        tiling.add(chunk.data + 1, Role.STRUCTURE, names.ALPHA_HEADER)
        tiling.add(stop, Role.PICTURE, "alpha plane")
        if stop < chunk.stop:
            tiling.add(chunk.end, Role.UNKNOWN, names.BEHIND_ALPHA)
    else:
        bitstream.size(buffer, chunk)
        tiling.add(chunk.data, Role.STRUCTURE, names.PICTURE_HEADER)
        tiling.add(chunk.stop, Role.PICTURE, "picture")
    tiling.add(chunk.end, Role.STRUCTURE, names.PADDING)


def _add_honoured(tiling: Tiling, buffer: Buffer, chunk: Chunk) -> None:
    """Add the profile or EXIF block that decoders read."""
    part = Part(chunk.start, chunk.end, Role.METADATA, names.PROFILE)
    if chunk.fourcc == b"ICCP":
        role = Role.COLOUR if made_profile(buffer, part) else Role.METADATA
        tiling.add(chunk.end, role, names.PROFILE)
    else:
        plain = stands(buffer, part.start, part.end, made_exif(buffer, part))
        tiling.add(chunk.end, Role.ORIENTATION if plain else Role.METADATA, names.EXIF)


def _add_other(tiling: Tiling, chunk: Chunk) -> None:
    """Add a chunk that does not stay."""
    name = _METADATA.get(chunk.fourcc)
    if name:
        tiling.add(chunk.end, Role.METADATA, name)
    else:
        tiling.add(chunk.end, Role.UNKNOWN, f"chunk '{legible_code(chunk.fourcc)}'")
