"""What a picture with much text is as a whole: a picture of a screen, or of a document."""

from __future__ import annotations

import re

from unexposed.vision.seen import Picture, Seen
from unexposed.vision.text.lines import Line

# Width and height, in pixels, of screens that many have; also counted turned by a quarter.
SCREENS: frozenset[tuple[int, int]] = frozenset({
    (1024, 768), (1280, 720), (1280, 800), (1280, 1024), (1366, 768), (1440, 900), (1536, 864),
    (1600, 900), (1680, 1050), (1920, 1080), (1920, 1200), (2048, 1152), (2160, 1440), (2256, 1504),
    (2304, 1440), (2560, 1080), (2560, 1440), (2560, 1600), (2736, 1824), (2880, 1620), (2880, 1800),
    (2880, 1864), (2940, 1912), (3000, 2000), (3024, 1964), (3072, 1920), (3200, 1800), (3440, 1440),
    (3456, 2234), (3840, 1600), (3840, 2160), (3840, 2400), (4096, 2304), (4480, 2520), (5120, 2160),
    (5120, 2880), (6016, 3384),
    (640, 1136), (720, 1280), (720, 1520), (720, 1560), (720, 1600), (720, 1612), (750, 1334), (828, 1792),
    (1080, 1920), (1080, 2160), (1080, 2220), (1080, 2240), (1080, 2248), (1080, 2280), (1080, 2310),
    (1080, 2316), (1080, 2340), (1080, 2376), (1080, 2400), (1080, 2408), (1080, 2412), (1080, 2424),
    (1080, 2460), (1125, 2436), (1170, 2532), (1179, 2556), (1206, 2622), (1220, 2712), (1240, 2772),
    (1242, 2208), (1242, 2688), (1260, 2800), (1264, 2780), (1284, 2778), (1290, 2796), (1320, 2868),
    (1344, 2992), (1440, 2560), (1440, 2880), (1440, 2960), (1440, 3040), (1440, 3088), (1440, 3120),
    (1440, 3168), (1440, 3200), (1488, 2266), (1536, 2048), (1620, 2160), (1640, 2360), (1668, 2224),
    (1668, 2388), (1668, 2420), (2048, 2732), (2064, 2752),
})  # fmt: skip

FLAT = 0.6
"""Share of neighbouring pixels that are the same, from which colours are flat: drawn, not taken."""

_DOCUMENT_LINES, _DOCUMENT_CHARACTERS = 8, 200

_SPREAD = 0.45
"""Share of the picture that the rectangle around all lines has in a picture of a document."""

_STATUS = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?\b|.*\b\d{1,3} ?%$")
_ADDRESS = re.compile(
    r"(?:\W|\b[aA8]\b)*(?P<address>(?:https?://|www\.)\S{3,}|(?:[a-z0-9-]+\.){1,4}(?:com|org|net|io|dev|app|gov|edu|info|[a-z]{2})"
    r"(?:[:/]\S*)?)\W*$"
)
_MENU = {
    "file", "edit", "view", "window", "help", "tools", "history", "bookmarks", "insert", "format", "selection", "go",
    "run", "terminal", "datei", "bearbeiten", "ansicht", "hilfe", "fenster", "extras", "fichier", "édition", "affichage",
    "aide", "outils", "archivo", "editar", "ver", "ayuda", "herramientas", "modifica", "visualizza", "aiuto",
}  # fmt: skip

_TOP_OF_PHONE, _TOP_OF_WINDOW, _MENUS = 0.06, 0.2, 3


def whole(picture: Picture, lines: list[Line]) -> Seen | None:
    """Return what the picture is as a whole, if it is a screen or a document.

    A screen has flat colours and text, and either exactly the size of one, or a bar at its top:
    the time or the battery of a phone, the address in a browser, the menus of a program. A
    document has at least eight lines with two hundred characters over nearly half of the picture.
    """
    height, width = picture.shape[:2]
    read = [line for line in lines if line.text]
    if not read:
        return None
    address = _address(read, height)
    if flatness(picture) >= FLAT and (
        (width, height) in SCREENS
        or (height, width) in SCREENS
        or address
        or _has_status(read, height, width)
        or _has_menu(read, height)
    ):
        corners = (
            (0.0, 0.0),
            (float(width), 0.0),
            (float(width), float(height)),
            (0.0, float(height)),
        )
        return Seen("content.screenshot", corners, 0.9, address)
    xs = [x for line in read for x, _ in line.outline]
    ys = [y for line in read for _, y in line.outline]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    characters = sum(len(line.text) for line in read)
    if (
        len(read) >= _DOCUMENT_LINES
        and characters >= _DOCUMENT_CHARACTERS
        and (right - left) * (bottom - top) >= _SPREAD * width * height
    ):
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return Seen("content.document", corners, 0.8, f"{len(read)} lines, {characters} characters")
    return None


def flatness(picture: Picture) -> float:
    """Return the share of pixels that are exactly as the one to the right, from a part of the rows."""
    rows = picture[:: max(1, picture.shape[0] // 256)]
    if rows.shape[1] < 2:
        return 0.0
    return float((rows[:, 1:] == rows[:, :-1]).all(axis=2).mean())


def _address(lines: list[Line], height: int) -> str:
    """Return what stands in the address bar of a browser."""
    for line in _upper(lines, height, _TOP_OF_WINDOW):
        if found := _ADDRESS.match(line.text):
            return found["address"]
    return ""


def _has_status(lines: list[Line], height: int, width: int) -> bool:
    if height < width:
        return False
    return any(_STATUS.match(line.text) for line in _upper(lines, height, _TOP_OF_PHONE))


def _has_menu(lines: list[Line], height: int) -> bool:
    words = {
        word.strip(".,:").lower()
        for line in _upper(lines, height, _TOP_OF_WINDOW)
        for word in line.text.split()
    }
    return len(words & _MENU) >= _MENUS


def _upper(lines: list[Line], height: int, share: float) -> list[Line]:
    return [line for line in lines if sum(y for _, y in line.outline) / 4 < share * height]
