"""How well text is read and judged: pictures made here, so that what they say is known.

Ten fonts, sizes from 12 to 120 pixels, turned and seen from the side, JPEG at quality 60. Lines
with personal data stand among near misses: what looks alike and must not be told of.
"""

from __future__ import annotations

import difflib
import io
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from benchmarks.text_lines import near_misses, personal
from unexposed.vision import available

RECALL_LIMIT, PRECISION_LIMIT, READ_LIMIT = 0.97, 0.97, 0.95
PHOTO_LIMIT, SCREEN_LIMIT = 0.7, 2.5
"""Seconds."""
MEMORY_LIMIT = 700
"""Megabytes, of a million bytes each."""

SIZES = (12, 16, 20, 24, 32, 48, 72, 120)
FIRST_SIZE = 20
"""Pixels of type size from which the limit for reading holds."""

FONTS = (
    "DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "NimbusSans-Regular.otf",
    "NimbusRoman-Regular.otf", "NimbusMonoPS-Bold.otf", "P052-Roman.otf", "C059-Roman.otf",
    "URWBookman-Light.otf", "URWGothic-Book.otf",
)  # fmt: skip
"""Of the Debian packages fonts-dejavu-core and fonts-urw-base35."""

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))

VIEWS = ("level", "turned", "upright", "aside")

WORDS = ["river", "market", "seven", "lantern", "bridge", "quiet", "copper", "garden", "winter", "holiday", "journey", "silver", "window", "mountain", "station", "coffee", "library", "purple", "morning", "dragon", "yellow", "village", "thunder", "kitchen", "forest", "number", "singing", "table", "between", "northern", "orange", "Zürich", "façade", "niño", "Straße", "garçon", "été", "über", "señal", "coração", "zwölf", "jamais"]  # fmt: skip


class Shot(NamedTuple):
    """A picture, and its lines: what each says, and the corners of where it stands."""

    picture: Image.Image
    lines: list[tuple[str, list[tuple[float, float]]]]


def main() -> bool:
    """Print the figures; return whether they are within the limits."""
    if not available():
        print("texts: the extra `vision` is not installed")
        return True
    os.environ["LC_ALL"] = "en_GB.UTF-8"
    from unexposed.vision import use_threads

    use_threads(2)
    fonts = list(installed_fonts())
    print(f"texts: {len(fonts)} fonts of {len(FONTS)}: {', '.join(path.stem for path in fonts)}")
    if not fonts:
        return False
    within = [_reading(fonts), _judging(), _judging_pictures(fonts), _cost()]
    if len(fonts) < len(FONTS):
        print("  not all fonts are installed: fonts-dejavu-core and fonts-urw-base35 have them")
    return len(fonts) == len(FONTS) and all(within)


def installed_fonts() -> Iterator[Path]:
    """Return those of the fonts that are here."""
    for name in FONTS:
        found = next((p for folder in FOLDERS for p in sorted(folder.rglob(name))), None)
        if found is not None:
            yield found


class Page(NamedTuple):
    """Rows of words in one font, as seen in one view, `size` pixels high."""

    size: int
    view: str
    font: str
    rows: list[str]
    picture: Image.Image


def pages(fonts: list[Path]) -> Iterator[Page]:
    """Yield a page for each size, view and font."""
    chance = random.Random(5)
    for size in SIZES:
        for view in VIEWS:
            for path in fonts:
                rows = [
                    " ".join(chance.sample(WORDS, max(1, min(6, 700 // size)))) for _ in range(4)
                ]
                shot = drawn_and_seen(rows, path, size, view, chance)
                yield Page(size, view, path.stem, rows, shot.picture)


def _reading(fonts: list[Path]) -> bool:
    from unexposed.vision.text import _reading as reading

    heads = "".join(f"{view:>10}" for view in VIEWS)
    print(f"\nreading, JPEG at quality 60     {heads}       all   characters")
    good = True
    for size, some in groupby(pages(fonts), key=lambda page: page.size):
        tally = dict.fromkeys(VIEWS, (0, 0))
        characters = []
        for page in some:
            read = [line.text for line in reading.read(_array(page.picture))]
            right, of = _words(page.rows, read)
            found, total = tally[page.view]
            tally[page.view] = found + right, total + of
            characters.append(_characters(page.rows, read))
        words = {view: found / total for view, (found, total) in tally.items()}
        good &= size < FIRST_SIZE or min(words.values()) >= READ_LIMIT
        print(
            f"  words read at {size:3} pixels       "
            + "".join(f"{words[view]:10.3f}" for view in VIEWS)
            + f"{statistics.mean(words.values()):10.3f}{statistics.mean(characters):13.3f}"
            + (f"   (limit for words {READ_LIMIT})" if size >= FIRST_SIZE else "")
        )
    return good


def _words(rows: list[str], read: list[str]) -> tuple[int, int]:
    """Return how many words were read letter for letter, each read word counting once, and of how many."""
    wanted = Counter(word for row in rows for word in row.split())
    there = Counter(word for line in read for word in line.split())
    return (wanted & there).total(), wanted.total()


def _characters(rows: list[str], read: list[str]) -> float:
    """Return the share of the characters that were read, each row against the line most like it."""
    found = total = 0
    for row in rows:
        plain = row.replace(" ", "")
        best = 0
        for line in read:
            blocks = difflib.SequenceMatcher(
                None, plain, line.replace(" ", ""), autojunk=False
            ).get_matching_blocks()
            best = max(best, sum(block.size for block in blocks))
        found, total = found + best, total + len(plain)
    return found / total


def _judging() -> bool:
    """Judge lines as they are, many of each kind."""
    from unexposed.vision.text.judges import judge

    chance = random.Random(11)
    tally: Counter[tuple[str, str]] = Counter()
    for kind, line in personal(chance, 100):
        told = {match.kind for match in judge(line)}
        tally[kind, "right" if kind in told else "missed"] += 1
        for other in told - {kind}:
            tally[other, "false"] += 1
    for line in near_misses(chance, 1_500):
        for match in judge(line):
            tally[match.kind, "false"] += 1
    return _table("judging text as it is", tally)


class Form(NamedTuple):
    """A picture with lines that give something away, "" for those that do not, among each other."""

    kinds: list[str]
    shot: Shot


def forms(fonts: list[Path]) -> Iterator[Form]:
    """Yield pictures with personal data and as many near misses."""
    chance = random.Random(13)
    lines: list[tuple[str, str]] = [*personal(chance, 14)]
    lines += [("", line) for line in near_misses(chance, len(lines))]
    chance.shuffle(lines)
    for number, start in enumerate(range(0, len(lines), 9)):
        some = lines[start : start + 9]
        size = chance.choice((20, 22, 24, 28))
        view = chance.choice(("level", "level", "turned", "aside"))
        shot = drawn_and_seen(
            [line for _, line in some], fonts[number % len(fonts)], size, view, chance
        )
        yield Form([kind for kind, _ in some], shot)


def _judging_pictures(fonts: list[Path]) -> bool:
    """Judge lines that were drawn and read."""
    from unexposed.vision.text import detect

    tally: Counter[tuple[str, str]] = Counter()
    wrong = []
    for form in forms(fonts):
        seen = [s for s in detect(_array(form.shot.picture)) if s.kind.startswith("content.text.")]
        for kind, (line, corners) in zip(form.kinds, form.shot.lines, strict=True):
            here = {s.kind for s in seen if _within(s.outline, corners)}
            if kind:
                tally[kind, "right" if kind in here else "missed"] += 1
            for other in here - {kind}:
                tally[other, "false"] += 1
            if here != ({kind} if kind else set()):
                wrong.append((kind, line, sorted(here)))
    good = _table("judging what was drawn and read", tally)
    if "--tell" in sys.argv:
        for one in wrong:
            print("   ", *one)
    return good


def _table(title: str, tally: Counter[tuple[str, str]]) -> bool:
    print(f"\n{title:34}     right    missed     false    recall precision")
    total: Counter[str] = Counter()
    for kind in sorted({kind for kind, _ in tally}):
        row = [tally[kind, what] for what in ("right", "missed", "false")]
        for what in ("right", "missed", "false"):
            total[what] += tally[kind, what]
        print(f"  {kind:32}" + "".join(f"{n:10}" for n in row) + _shares(*row))
    row = [total[what] for what in ("right", "missed", "false")]
    print(
        f"  {'all':32}"
        + "".join(f"{n:10}" for n in row)
        + _shares(*row)
        + f"   (limit {RECALL_LIMIT})"
    )
    recall = total["right"] / (total["right"] + total["missed"])
    precision = total["right"] / (total["right"] + total["false"])
    return recall >= RECALL_LIMIT and precision >= PRECISION_LIMIT


def _shares(right: int, missed: int, false: int) -> str:
    return f"{right / max(1, right + missed):10.3f}{right / max(1, right + false):10.3f}"


COST = """\
import resource, sys, time
import numpy
from PIL import Image
from unexposed.vision import use_threads
from unexposed.vision.text import detect
use_threads(2)
picture = numpy.asarray(Image.open(sys.argv[1]).convert("RGB"))
times = []
for _ in range(4):
    started = time.perf_counter()
    seen = detect(picture)
    times.append(time.perf_counter() - started)
if sys.platform == "linux":  # where ru_maxrss counts what the parent had
    peak = int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(times[0], min(times[1:]), peak, len(seen))
"""


def _cost() -> bool:
    """Measure whole processes: a photo with a few lines, one without, and a screen full of text."""
    print("\ncost with two threads                   first     later    memory    seen")
    good = True
    for name, picture, limit in (
        ("photo of 12 megapixels, no text", _photo([]), PHOTO_LIMIT),
        ("photo of 12 megapixels, four lines", _photo(["Table 7", "Open daily", "Fresh bread", "Since 1987"]), PHOTO_LIMIT),
        ("screen of 1920 by 1080, full", _screen(), SCREEN_LIMIT),
    ):  # fmt: skip
        path = Path(f"/tmp/unexposed-texts-{os.getpid()}.png")
        picture.save(path, compress_level=1)
        try:
            command = [sys.executable, "-c", COST, str(path)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        finally:
            path.unlink()
        first, later, peak, seen = (float(part) for part in told.split())
        good &= later <= limit and peak <= MEMORY_LIMIT
        print(
            f"  {name:36}{first:6.2f} s{later:8.2f} s{peak:6.0f} MB {seen:8.0f}"
            f"   (limits {limit} s, {MEMORY_LIMIT} MB)"
        )
    return good


def _photo(rows: list[str]) -> Image.Image:
    chance = random.Random(3)
    small = Image.effect_noise((400, 300), 90).convert("RGB")
    picture = small.resize((4000, 3000), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for number, row in enumerate(rows):
        top = 400 + 500 * number
        draw.rectangle((900, top - 30, 2300, top + 190), fill=(238, 234, 220))
        draw.text(
            (1000, top),
            row,
            fill=(30, 30, 40),
            font=_font(next(installed_fonts()), chance.choice((110, 130))),
        )
    return picture


def _screen() -> Image.Image:
    chance = random.Random(4)
    picture = Image.new("RGB", (1920, 1080), (250, 250, 250))
    draw = ImageDraw.Draw(picture)
    font = _font(next(installed_fonts()), 15)
    for top in range(20, 1040, 27):
        for left in (40, 980):
            draw.text(
                (left, top), " ".join(chance.choices(WORDS, k=10)), fill=(25, 25, 25), font=font
            )
    return picture


def drawn_and_seen(
    rows: list[str], path: Path, size: int, view: str, chance: random.Random
) -> Shot:
    """Return rows of text as a camera in that place has them, as a JPEG of quality 60 shows it.

    A row may be of several lines, one below the other.
    """
    font = _font(path, size)
    step = round(size * 1.9)
    parts = [part for row in rows for part in row.split("\n")]
    widest = max(font.getlength(part) for part in parts)
    width, height = round(widest) + 80, step * len(parts) + 60
    paper = chance.choice(((255, 255, 255), (244, 240, 228), (228, 236, 246), (34, 38, 46)))
    ink = (235, 235, 235) if paper[0] < 100 else (24, 24, 30)
    picture = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(picture)
    lines = []
    at = 30
    for row in rows:
        boxes = []
        for part in row.split("\n"):
            draw.text((40, at), part, fill=ink, font=font)
            boxes.append(draw.textbbox((40, at), part, font=font))
            at += step
        (left, top, *_), (*_, bottom), right = boxes[0], boxes[-1], max(box[2] for box in boxes)
        lines.append((row, [(left, top), (right, top), (right, bottom), (left, bottom)]))
    return _seen_as(Shot(picture, lines), view, paper, chance)


def _seen_as(shot: Shot, view: str, paper: tuple[int, int, int], chance: random.Random) -> Shot:
    """Return the shot as a camera in that place has it: by a perspective map of its four corners."""
    import cv2
    import numpy

    width, height = shot.picture.size
    source = numpy.array([(0, 0), (width, 0), (width, height), (0, height)], numpy.float32)
    target = source.copy()
    if view == "turned":
        angle = chance.choice((-1, 1)) * chance.uniform(3, 20)
        turn = cv2.getRotationMatrix2D((0, 0), angle, 1)
        target = (source @ turn[:, :2].T).astype(numpy.float32)
    elif view == "upright":
        target = numpy.array([(height, 0), (height, width), (0, width), (0, 0)], numpy.float32)
        if chance.random() < 0.5:
            target = numpy.array([(0, width), (0, 0), (height, 0), (height, width)], numpy.float32)
    elif view == "aside":
        pinch = chance.uniform(0.05, 0.12)
        target[1] += (-0.02 * width, pinch * height)
        target[2] += (-0.02 * width, -pinch * height)
    target -= target.min(axis=0)
    size = tuple(int(side) for side in numpy.ceil(target.max(axis=0)))
    matrix = cv2.getPerspectiveTransform(source, target)
    picture = cv2.warpPerspective(
        numpy.asarray(shot.picture), matrix, size, flags=cv2.INTER_LINEAR, borderValue=paper
    )
    moved = []
    for row, corners in shot.lines:
        points = cv2.perspectiveTransform(numpy.array([corners], numpy.float32), matrix)[0]
        moved.append((row, [(float(x), float(y)) for x, y in points]))
    written = io.BytesIO()
    Image.fromarray(picture).save(written, "JPEG", quality=60)
    return Shot(Image.open(written).convert("RGB"), moved)


def _within(outline: tuple[tuple[float, float], ...], corners: list[tuple[float, float]]) -> bool:
    """Tell whether the middle of an outline is within four corners."""
    import cv2
    import numpy

    xs, ys = zip(*outline, strict=True)
    middle = sum(xs) / len(xs), sum(ys) / len(ys)
    return cv2.pointPolygonTest(numpy.array(corners, numpy.float32), middle, True) > -4


def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def _array(picture: Image.Image):
    import numpy

    return numpy.asarray(picture)


if __name__ == "__main__":
    started = time.perf_counter()
    good = main()
    print(f"\n{time.perf_counter() - started:.0f} s")
    sys.exit(int(not good))
