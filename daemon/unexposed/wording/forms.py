"""What readers say in words of their own around what stands in a file, in the person's language."""

from __future__ import annotations

import re
from typing import Final

from unexposed.wording.language import tr, translatable, trn

_DIRECTORY: Final = r"(?P<what>(?:IFD\d{1,4} ?)?(?:IFD\d{1,4}|Exif|GPS|Interop|SubIFD\d{1,4}))"
_FORMS: Final = tuple(
    (re.compile(pattern, re.ASCII | re.DOTALL), words)
    for pattern, words in (
        (f"{_DIRECTORY} is cut short", translatable("{what} is cut short")),
        (f"{_DIRECTORY} lies outside the block", translatable("{what} lies outside the block")),
        (f"{_DIRECTORY} points nowhere", translatable("{what} points nowhere")),
        (f"{_DIRECTORY} has no link", translatable("{what} has no link")),
        (
            f"{_DIRECTORY} has a value outside the block",
            translatable("{what} has a value outside the block"),
        ),
        (
            f"{_DIRECTORY} has a tag of an unknown type",
            translatable("{what} has a tag of an unknown type"),
        ),
        (
            f"{_DIRECTORY} stands where another directory stands",
            translatable("{what} stands where another directory stands"),
        ),
        ("no TIFF header", translatable("no TIFF header")),
        (r"no tags in (?P<size>.{1,30})", translatable("no tags in {size}")),
        (
            r"it ends in the box at byte (?P<byte>\d{1,12})",
            translatable("it ends in the box at byte {byte}"),
        ),
        ("bytes behind the profile", translatable("bytes behind the profile")),
        (r"unreadable from byte (?P<byte>\d{1,12})", translatable("unreadable from byte {byte}")),
        (r"at (?P<place>\(.{1,20})", translatable("at {place}")),
        (r"made on (?P<day>\d{4}-\d\d-\d\d)", translatable("made on {day}")),
        ("edited with AI", translatable("edited with AI")),
        ("signed in the name of (?P<name>.+)", translatable("signed in the name of {name}")),
        ("unchecked", translatable("unchecked")),
        ("made with (?P<program>.+)", translatable("made with {program}")),
        ("an older record", translatable("an older record")),
        (r"developed with (?P<program>.+)", translatable("developed with {program}")),
        (
            r"(?P<first>\d{4}-\d\d-\d\d.{0,20}) to (?P<last>\d{4}-\d\d-\d\d.{0,20})",
            translatable("{first} to {last}"),
        ),
        (r"maker (?P<name>.{1,60})", translatable("maker {name}")),
        (r"model (?P<name>.{1,60})", translatable("model {name}")),
        (r"running for (?P<time>.{1,40})", translatable("running for {time}")),
        (r"switched on for (?P<time>.{1,40})", translatable("switched on for {time}")),
        (r"switched on (?P<moment>\d{4}-.{1,30})", translatable("switched on {moment}")),
        (
            r"(?P<angle>-?\d{1,3}(?:\.\d{1,9})?°) from magnetic north",
            translatable("{angle} from magnetic north"),
        ),
        (
            r"(?P<angle>-?\d{1,3}(?:\.\d{1,9})?°) from true north",
            translatable("{angle} from true north"),
        ),
        (r"large thumbnail", translatable("large thumbnail")),
        (r"part of a panorama", translatable("part of a panorama")),
        (r"view for depth", translatable("view for depth")),
        (r"view from another angle", translatable("view from another angle")),
        (r"gain map", translatable("gain map")),
    )
)
_COUNTED: Final = re.compile(
    r"(\d{1,9}) (releases|pictures in all|pictures taken|steps?|settings?|faces?|document ids?)",
    re.ASCII,
)
_STEPS_WITH: Final = re.compile(r"(\d{1,9}) steps? with (.+)", re.ASCII | re.DOTALL)


def formed(text: str) -> str:
    """Return a part of a value in the person's language, "" for one that no reader says so."""
    if match := _COUNTED.fullmatch(text):
        return _counted(int(match[1]), match[2].removesuffix("s"))
    if match := _STEPS_WITH.fullmatch(text):
        return trn(
            "{number} step with {program}",
            "{number} steps with {program}",
            int(match[1]),
            program=match[2],
        )
    for pattern, words in _FORMS:
        if match := pattern.fullmatch(text):
            return tr(words).format(**match.groupdict())
    return ""


def _counted(number: int, what: str) -> str:
    match what:
        case "release":
            return trn("{number} release", "{number} releases", number)
        case "pictures in all":
            return trn("{number} picture in all", "{number} pictures in all", number)
        case "pictures taken":
            return trn("{number} picture taken", "{number} pictures taken", number)
        case "step":
            return trn("{number} step", "{number} steps", number)
        case "document id":
            return trn("{number} document id", "{number} document ids", number)
        case "setting":
            return trn("{number} setting", "{number} settings", number)
        case _:
            return trn("{number} face", "{number} faces", number)
