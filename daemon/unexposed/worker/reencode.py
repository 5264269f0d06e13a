"""Decode a picture and encode it again, for policies that ask for it.

What the encoder's tables told of the device goes, and resizing weakens the sensor's
noise. Colours are brought to sRGB and the picture is turned the right way up, so that
the copy needs neither a profile nor an orientation.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from unexposed.errors import Held
from unexposed.formats import Buffer, Format, unseen
from unexposed.policy import Policy
from unexposed.worker.decode import DECODE_ERRORS, MAX_PIXELS, frames_of, misread, opened
from unexposed.worker.sight import in_bytes, on_white

_HEVC_PRESET = "ultrafast"
"""x265's own choice takes many times as long, for a tenth less bytes."""

_IN_COLOURS = {"RGB": "RGB", "RGBA": "RGBA", "CMYK": "RGB", "L": "RGB", "LA": "RGB"}
"""Modes whose profile is used, and in what mode their colours come in sRGB."""

_USUAL_GAMMA = 1 / 2.2
_SAME_GAMMA = 0.05
"""By how much an exponent may differ from 1 that browsers do not heed."""

_RESIZABLE = {"L", "LA", "RGB", "RGBA", "CMYK", "I;16"}


def encode_again(source: Buffer, container: Format, target: Format, policy: Policy) -> bytes | None:
    """Return the picture encoded anew, in the format `target`.

    None for an animation or a video, which keeps its data and its format. Raises Held when the picture cannot be decoded.
    """
    if not container.PILLOW:
        return None
    try:
        with opened(source, container.PILLOW) as image:
            frames = len(frames_of(image))
            if frames > 1 or unseen(source, container, frames):
                return None
            if image.width * image.height > MAX_PIXELS:
                raise Held(f"it is too large to decode ({image.width} by {image.height} pixels)")
            if problem := misread(image, source):
                raise Held(f"it cannot be encoded again: {problem}")
            image.load()
            upright = ImageOps.exif_transpose(image)
            return encoded(fitted(in_srgb(upright), policy.max_side), target, policy.quality)
    except UnidentifiedImageError as problem:
        raise Held("it cannot be encoded again: no decoder here knows its kind") from problem
    except DECODE_ERRORS as problem:
        raise Held(f"its picture data is damaged ({problem})") from problem


def in_srgb(image: Image.Image) -> Image.Image:
    """Return a picture with its colours in sRGB, as it is where its profile cannot be used."""
    profile = image.info.get("icc_profile")
    if not profile:
        return _at_usual_gamma(image)
    plain = _without_palette(image)
    if plain.mode not in _IN_COLOURS:
        return image
    alpha = plain.getchannel("A") if plain.mode == "LA" else None
    try:
        converted = ImageCms.profileToProfile(
            plain.getchannel("L") if alpha else plain,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=_IN_COLOURS[plain.mode],
        )
    except (ImageCms.PyCMSError, OSError):
        return image  # viewers ignore such a profile too
    if converted is None:
        return image
    if plain.mode in ("L", "LA"):
        converted = converted.convert("L")
    if alpha:
        converted.putalpha(alpha)
    return converted


def _at_usual_gamma(image: Image.Image) -> Image.Image:
    """Return a picture as browsers show it that says, as a PNG can, what gamma its samples have."""
    exponent = _USUAL_GAMMA / (image.info.get("gamma") or _USUAL_GAMMA)
    if "srgb" in image.info or abs(exponent - 1) < _SAME_GAMMA:
        return image
    plain = _without_palette(image)
    if plain.mode not in _IN_COLOURS:
        return image
    table = [round(255 * (value / 255) ** exponent) for value in range(256)]
    bands = [
        band if name == "A" else band.point(table)
        for name, band in zip(plain.getbands(), plain.split(), strict=True)
    ]
    return Image.merge(plain.mode, bands)


def _without_palette(image: Image.Image) -> Image.Image:
    """Return a picture whose samples are its colours, and its transparency, if any, a channel."""
    if image.mode == "L":
        return image.convert("LA") if image.has_transparency_data else image
    if image.mode == "P" or (image.mode == "RGB" and image.has_transparency_data):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def fitted(image: Image.Image, max_side: int) -> Image.Image:
    """Return a picture no side of which is longer, in pixels; 0 for no limit."""
    longest = max(image.size)
    if not max_side or longest <= max_side:
        return image
    if image.mode not in _RESIZABLE:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    width, height = (max(1, round(side * max_side / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def encoded(image: Image.Image, container: Format, quality: int) -> bytes:
    """Return a picture encoded in a format, with nothing but its pixels."""
    transparency = image.info.get("transparency")
    image.info = {}
    options: dict[str, Any] = {}
    if transparency is not None and image.mode in ("P", "L", "RGB", "1"):
        options["transparency"] = transparency
    encoder = container.PILLOW[0]
    if image.mode == "RGBX":
        image = image.convert("RGB")
    if encoder not in ("PNG", "TIFF"):
        image = in_bytes(image)
    if encoder == "JPEG":
        if image.has_transparency_data:
            image = on_white(image)
        if image.mode not in ("L", "RGB"):
            image = image.convert("RGB")
        options = {"quality": quality, "optimize": True, "progressive": False}
    elif encoder == "WEBP":
        options = {"quality": quality, "method": 4}
    elif encoder == "HEIF":
        options = {"quality": quality, "enc_params": {"preset": _HEVC_PRESET}}
    elif encoder == "AVIF":
        options = {"quality": quality}
    elif encoder == "TIFF":
        options = {"compression": "tiff_adobe_deflate"}
    return saved(image, container, **options)


def saved(image: Image.Image, container: Format, **options: Any) -> bytes:
    """Return what Pillow makes of a picture in a format. Raises Held where that cannot be."""
    written = io.BytesIO()
    try:
        image.save(written, container.PILLOW[0], **options)
    except DECODE_ERRORS as problem:
        width, height = image.size
        raise Held(
            f"a picture of {width} by {height} pixels cannot be encoded in the format"
            f" {container.NAME} ({problem})"
        ) from problem
    return written.getvalue()
