"""What a row holds where no exposed values are to be written down.

A finding's place, the name of a span and the reason for which a file was held may repeat what the
file says. Of places and names stay the words that are this program's own, of a reason what does not
stand in quotes or brackets, which is where it repeats anything.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unexposed.catalogue import KINDS
from unexposed.exposure import Finding, Report, Span

_WORDS: Final = """
ADTS ALPH ANIM ANMF APP0 APP1 APP2 APP3 APP4 APP5 APP6 APP7 APP8 APP9 APP10 APP11 APP12 APP13
APP14 APP15 AVIF Adobe BMP C2PA DHT DNL DQT DRI EOI EXIF Exif GIF GPS HEIF ICC IDAT IPTC JFIF
JFXX JPEG JPG JUMBF MP4 MPF MakerNote PNG Photoshop RIFF SEI SOF0 SOF1 SOF2 SOI SOS SVG Samsung
TIFF VP8X WebP XL XMP a after alpha animation another application archive are attribute
attributes auxiliary behind bits box bytes can chunk codestream colour colours comment
compressor configuration content control copy count data decoder decoding delimiter density
depth desc descriptor destination direction directory document drawing drawn edit element
elements embedded end extended extension file first for frame free from further ftyp gain
graphic grid group handler has have header hints histogram icon idle image in inside instruction
is it item items its itself jbrd jhgm jumb jxli jxll last layers left length list loop map
markup meta metadata movie name names namespace never no not note notes nothing objects of on
only or others out outside padding page palette path picture pictures place plain plane points
preview previews processing profile properties property purpose quantisation read reference rest
row rows samples scan script segment segments shown signature size smaller sound space
specification stray styles suggested table tables tag temporal text that the thumbnail time
title to track transparency type unit unknown unused user uuid values video was which with
without xml zip
"""
_OWN: Final = frozenset(_WORDS.split())
_SOMEWHERE: Final = "the file"
_NUMBER: Final = re.compile(r"[0-9]{1,3}")

_REPEATED: Final = re.compile(r"""\s*(?:'.*'|".*"|“.*”|\(.*\))""", re.DOTALL)
"""From the first to the last of a pair, whatever a file has put between."""
_AT: Final = re.compile(r"\(at byte [0-9]+\)\Z")


def kinds_only(report: Report) -> Report:
    """Return a report with the kinds of what was exposed, and without what it was."""
    return msgspec.structs.replace(
        report,
        findings=tuple(map(_kind_only, report.findings)),
        spans=tuple(
            Span(one.start, one.end, one.role, _own(one.name) or one.role, one.fate)
            for one in report.spans
        ),
    )


def plain_reason(reason: str) -> str:
    """Return a reason without what it repeats of a file's content."""
    at = _AT.search(reason)
    said = _REPEATED.sub("", reason[: at.start()] if at else reason).rstrip()
    return f"{said} {at[0]}" if at else said


def _kind_only(one: Finding) -> Finding:
    known = KINDS.get(one.kind)
    return Finding(
        kind=one.kind,
        where=", ".join(
            dict.fromkeys(_own(place) or _SOMEWHERE for place in one.where.split(", "))
        ),
        summary=known.tells if known else "",
        level=one.level,
        removed=one.removed,
    )


def _own(text: str) -> str:
    """Return the words before the first that may be the file's."""
    words = []
    for word in text.split(" "):
        if word not in _OWN and not _NUMBER.fullmatch(word):
            break
        words.append(word)
    return " ".join(words)
