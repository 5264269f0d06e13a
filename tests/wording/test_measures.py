from __future__ import annotations

import pytest

from unexposed.wording.measures import measured


@pytest.mark.parametrize(
    ("kind", "value", "german"),
    [
        (
            "content.thumbnail",
            "160 by 120 pixels, differs from the picture",
            "160 mal 120 Pixel, weicht vom Bild ab",
        ),
        ("content.thumbnail", "1 by 2 pixels, 4,096 bytes", "1 mal 2 Pixel, 4.096 Bytes"),
        ("device.maker_note", "Nikon, 1 byte", "Nikon, 1 Byte"),
        ("hidden.unknown", "2 private tags, 8 bytes", "2 private Felder, 8 Bytes"),
        ("hidden.metadata", "camera settings, 17 values", "Kameraeinstellungen, 17 Werte"),
        ("hidden.metadata", "72 by 72 pixels per inch", "72 mal 72 Pixel pro Zoll"),
        ("hidden.metadata", "1,501 more facts", "1.501 weitere Tatsachen"),
        ("hidden.metadata", "1 more fact", "1 weitere Tatsache"),
        (
            "hidden.metadata",
            "written by default: “SONY DSC, 12 bytes”",
            "von Haus aus geschrieben: „SONY DSC, 12 bytes“",
        ),
        (
            "location.gps",
            "38.72260 north or south, 9.13920 east or west",
            "38.72260 Nord oder Süd, 9.13920 Ost oder West",
        ),
        ("location.gps", "38.72260, -9.13920", "38.72260, -9.13920"),
        ("content.text", "3 lines, such as “Ho, ho”", "3 Zeilen, wie „Ho, ho“"),
        ("content.possible_text", "1 place", "1 Stelle"),
        ("content.possible_text", "4 places", "4 Stellen"),
        ("hidden.comment", "12 bytes", "12 bytes"),
        ("person.caption", "12 bytes", "12 bytes"),
        ("hidden.unknown", "", ""),
    ],
)
def test_what_readers_say_of_data_is_told_in_the_language(
    monkeypatch: pytest.MonkeyPatch, kind: str, value: str, german: str
) -> None:
    assert measured(kind, value) == value
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert measured(kind, value) == german
