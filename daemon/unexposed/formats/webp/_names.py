"""What the parts of a WebP are called, and the flags in VP8X that tell of them.

Source: RFC 9649 section 2.7.
"""

from __future__ import annotations

ICC_FLAG, ALPHA_FLAG, EXIF_FLAG, XMP_FLAG, ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x04, 0x02
KEPT_FLAGS = ALPHA_FLAG | ANIMATION_FLAG

RIFF = "RIFF header"
EXTENDED = "VP8X"
ANIMATION = "ANIM"
FRAME = "ANMF"
EMPTY_FRAME = "ANMF without a picture"
ALPHA_HEADER = "ALPH header"
BEHIND_ALPHA = "data behind the alpha plane"
PICTURE_HEADER = "picture chunk header"
PADDING = "padding"
PROFILE = "ICC profile"
EXIF = "EXIF"
IDLE_PROFILE = "ICC profile that no decoder uses"
IDLE_EXIF = "EXIF that no decoder uses"
XMP = "XMP"
TRAILER = "data after the end of the file"
STRAY = "stray bytes"
