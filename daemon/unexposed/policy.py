"""Policies: what a folder's rules do with the files that arrive in it."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

Quality = Annotated[int, msgspec.Meta(ge=1, le=100)]
Side = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Family = Literal["pdf", "office", "audio", "archive", "video", "image"]
"""What is recognised and not cleaned yet."""
Kept = Literal[
    "copyright", "author", "caption", "date-day", "date-month", "date-year",
    "location-city", "location-country",
]  # fmt: skip
"""What a person may want to leave in; of several roundings of a date or place the widest counts."""

_SUBJECT, _PLAIN_TEXT, _CODE = "content.face.subject", "content.text", "content.code"


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules for one folder. Every field is a key of a `[policy.NAME]` table."""

    extends: str = "metadata"
    """The policy whose values stand where this one says nothing."""
    copy: Literal["always", "when-exposed"] = "always"
    """Write a copy of every picture, or only of those that give something away."""
    names: Literal["keep", "scrub", "replace"] = "keep"
    """The copy's name: as it was, without its telling parts, or "photo-1.jpg"."""
    folders: Literal["flat", "mirror"] = "flat"
    """Put all copies in the outbox itself, or in sub-folders as in the watched folder."""
    pixels: Literal["keep", "reencode"] = "keep"
    """Copy the picture data as it stands, or decode it and encode it again."""
    format: Literal["same", "jpeg", "png", "webp"] = "same"
    """The copy's format; pictures in any other are decoded and encoded in this one."""
    quality: Quality = 90
    """JPEG and WebP quality when the picture is encoded again, 1 to 100."""
    max_side: Side = 0
    """Longest side in pixels when the picture is encoded again; 0 for no limit."""
    verify: Literal["header", "decode"] = "header"
    """How far the finished copy is opened: its header, or every pixel of copy and source."""
    faces: Literal["report", "bystanders", "all"] = "report"
    """Faces in the picture that are covered; all are reported."""
    text: Literal["report", "personal", "all"] = "report"
    """Text in the picture that is covered: what is somebody's, or every line; all is reported."""
    codes: Literal["report", "cover"] = "report"
    """Whether QR codes, bar codes and the like are covered; all are reported."""
    cover: Literal["fill", "pixelate"] = "fill"
    """How: filled, which nobody can undo, or faces as a coarse mosaic; text and codes are filled."""
    keep: tuple[Kept, ...] = ()
    """What stays in the copy on purpose, in a small note of its own."""
    mark: Literal["", "no-ai-training"] = ""
    """What is written into the copy though the original did not say it."""
    hold: tuple[Family, ...] = ()
    """Families of files that cannot be cleaned yet and are held back, with a word; any other
    is left alone in silence."""
    mode: Annotated[str, msgspec.Meta(pattern="^0?[0-7]{3}$")] = "0600"
    """Permissions of the copy, in octal."""

    @property
    def permissions(self) -> int:
        """`mode` as a number."""
        return int(self.mode, 8)

    @property
    def covering(self) -> bool:
        """Whether anything that the picture shows is to be covered."""
        return (self.faces, self.text, self.codes) != ("report", "report", "report")

    def covers(self, kind: str) -> bool:
        """Whether what is of this kind, a key of `exposure.KINDS`, is to be covered."""
        if kind.startswith("content.face."):
            return self.faces == "all" or (self.faces == "bystanders" and kind != _SUBJECT)
        if kind == _PLAIN_TEXT:
            return self.text == "all"
        if kind.startswith(f"{_PLAIN_TEXT}."):
            return self.text != "report"
        return self.codes == "cover" and (kind == _CODE or kind.startswith(f"{_CODE}."))

    @property
    def lossless(self) -> bool:
        """Whether the picture data is copied bit for bit."""
        return self.pixels == "keep"


BUILT_IN: dict[str, Policy] = {
    "metadata": Policy(),
    "strict": Policy(
        names="replace", pixels="reencode", quality=90, max_side=2048, hold=get_args(Family)
    ),
}
