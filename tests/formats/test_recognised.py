from __future__ import annotations

import io
import tarfile
import zipfile
from typing import get_args

import pytest

from unexposed.errors import UnsupportedFormat
from unexposed.formats import HEAD, sniff
from unexposed.formats._recognised import FAMILIES, recognise
from unexposed.policy import Family


def zipped(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text")
    return written.getvalue()


def tarred() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "family", "name"),
    [
        (b"%PDF-1.7\n", "pdf", "a PDF document"),
        (zipped("[Content_Types].xml", "word/document.xml"), "office", "an Office document"),
        (zipped("mimetype"), "office", "an OpenDocument file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "office", "an Office document"),
        (b"ID3\x04\0\0", "audio", "an MP3 file"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio", "a WAV file"),
        (b"RIFF\x24\0\0\0AVI LIST", "video", "an AVI video"),
        (zipped("holiday.jpg"), "archive", "a zip archive"),
        (tarred(), "archive", "a tar archive"),
        (b"8BPS\0\1", "image", "a Photoshop document"),
        (b"\0\0\0\x20ftypM4A ", "audio", "an M4A file"),
    ],
)
def test_what_cannot_be_cleaned_yet_is_called_by_its_name(
    content: bytes, family: str, name: str
) -> None:
    with pytest.raises(UnsupportedFormat, match=name) as held:
        sniff(content[:HEAD])
    assert held.value.family == family


def test_anything_else_has_no_name() -> None:
    assert recognise(b"Dear diary, ") == ("", "")
    with pytest.raises(UnsupportedFormat, match="no picture or video that is known"):
        sniff(b"Dear diary, ")


def test_a_policy_can_ask_for_every_family_by_name() -> None:
    assert frozenset(get_args(Family)) == FAMILIES
