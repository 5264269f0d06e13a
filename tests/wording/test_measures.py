from __future__ import annotations

import pytest

from unexposed.wording.measures import measured


@pytest.mark.parametrize(
    ("kind", "value", "german"),
    [
        (
            "content.thumbnail",
            "160 by 120 pixels, differs from the picture, 40% alike",
            "160 mal 120 Pixel, weicht vom Bild ab, zu 40% ähnlich",
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
        ("content.face.bystander", "93% sure", "zu 93% sicher"),
        ("content.possible_text", "4 places", "4 Stellen"),
        ("location.altitude", "25 m above the sea", "25 m über dem Meer"),
        ("location.altitude", "-3 m above the start", "-3 m über dem Start"),
        ("location.speed", "18.5 km/h", "18,5 km/h"),
        ("content.video", "an MP4, 9 bytes", "ein MP4, 9 Bytes"),
        ("hidden.damaged", "boxes that are cut short", "Boxen, die abgeschnitten sind"),
        ("hidden.unknown", "60 bytes behind its last value", "60 Bytes hinter seinem letzten Wert"),
        ("person.faces", "2 faces, at (1, 2), (3, 4)", "2 Gesichter, bei (1, 2), (3, 4)"),
        (
            "hidden.damaged",
            "IFD0 is cut short; IFD1 GPS is cut short",
            "IFD0 ist abgeschnitten; IFD1 GPS ist abgeschnitten",
        ),
        ("content.second_picture", "3 pictures in all: gain map", "3 Bilder insgesamt: Gainmap"),
        ("device.usage", "512 pictures taken", "512 Bilder aufgenommen"),
        ("device.usage", "running for 22 h 07 min", "lief seit 22 h 07 min"),
        ("device.usage", "switched on for 33.03 s", "eingeschaltet seit 33.03 s"),
        (
            "device.usage",
            "switched on 2010-04-25 10:51:00",
            "eingeschaltet am 2010-04-25 10:51:00",
        ),
        ("device.display", "sRGB, maker GIMP, model X", "sRGB, Hersteller GIMP, Modell X"),
        ("history.documents", "2 document ids: a, b", "2 Dokumentkennungen: a, b"),
        (
            "history.edits",
            "2 steps with Editor (Mac), Bridge, 2020-01-05 13:19 to 2020-01-06 13:20",
            "2 Schritte mit Editor (Mac), Bridge, 2020-01-05 13:19 bis 2020-01-06 13:20",
        ),
        ("location.direction", "348.1° from magnetic north", "348.1° vom magnetischen Norden"),
        ("hidden.damaged", "no well-formed XML: x", "kein wohlgeformtes XML: x"),
        (
            "hidden.damaged",
            "maker's notes: they do not inflate",
            "Herstellernotizen: sie lassen sich nicht entpacken",
        ),
        ("device.display", "sound, made on 2026-11-25", "sound, gemacht am 2026-11-25"),
        ("history.edits", "edited with AI", "mit KI bearbeitet"),
        (
            "provenance.c2pa",
            "signed in the name of Ada, unchecked; made with Editor of what was made",
            "im Namen von Ada signiert, ungeprüft; gemacht mit Editor of what was made",
        ),
        ("hidden.comment", "12 bytes", "12 bytes"),
        ("content.text", "sound, 12 bytes", "sound, 12 bytes"),
        ("content.text.password", "a thumbnail", "a thumbnail"),
        ("content.code", "100.0 km/h", "100.0 km/h"),
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


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("location.altitude", "25 m above the sea", "82 feet above the sea"),
        ("location.altitude", "1500 m below the sea", "4,921 feet below the sea"),
        ("location.speed", "100.0 km/h", "62.1 mph"),
        ("location.speed", "3.0 knots", "3.0 knots"),
        ("person.caption", "25 m above the sea", "25 m above the sea"),
    ],
)
def test_heights_and_speeds_are_told_in_the_persons_units(
    monkeypatch: pytest.MonkeyPatch, kind: str, value: str, said: str
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert measured(kind, value) == said
