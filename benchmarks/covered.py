"""What can still be found in pictures that were covered, by us and by others, and what else changed.

    python -m benchmarks.covered [PHOTOS [MODEL]] [--keep FOLDER] [--every N]

The pictures are those of the other benchmarks: pages of text and lines with personal data among near
misses (`texts`), codes (`vision_cost`), and of PHOTOS, a folder of photos with people, all as they are, and those that
were counted (`faces`) also with faces 16 pixels high and in a picture of 12 megapixels. MODEL is a
network that finds faces (`benchmarks/independent.py` says which). All of them take more than an hour; with --every 5
it is each fifth of a group. Each goes through the daemon's own pipeline with `faces = "all", text = "all", codes = "cover"`. In the copy we look again,
and so do tesseract, zbar and that network. A picture fails

- when it is held back, though nothing gets out then;
- when we find anything in the copy that the policy covers, but for one or two signs that are read
  where the copy is black and just about there the picture was not: those are the covers themselves;
- when tesseract reads a word of three letters or more that the picture is known to hold, or, sure of
  it, any word where it was sure of one in the uncovered picture: on textures it reads words where
  there are none, before and after;
- when zbar reads anything;
- when the network finds a face where it found one before, or where we did, but for what an eye does
  not take for one (`mistaken` in `benchmarks/faces.toml`).

The copy is compared with the same picture encoded alike and not covered, or, where nothing was
covered, with the source itself. JPEG encodes squares of 16
pixels by themselves, so further than that from what was covered no pixel may differ at all.
"""

from __future__ import annotations

import argparse
import difflib
import io
import os
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from benchmarks import faces, independent, texts, vision_cost
from unexposed.exposure import Outcome
from unexposed.formats import format_named
from unexposed.outbox import Outbox
from unexposed.pipeline import Task, clean_file
from unexposed.policy import Policy
from unexposed.vision import available
from unexposed.worker import Worker

POLICY = Policy(faces="all", text="all", codes="cover")
LIMIT = 0.98
THREADS = 2

LIKE = 0.8
"""How much a word of more than `independent.LETTERS` letters is like a known one that counts as the same."""
REACH = 24
"""Pixels around what was covered in which encoding may differ: a square of 16 and its neighbour's colour."""
COVERED = 0.3
"""Part of the place of a sign that is black in the copy alone, from which it is a cover."""
DARK = 24
"""Of 255: what was covered is no lighter."""

COUNTS_FILE = Path(__file__).with_name("faces.toml")
COLUMNS = ("held", "ours", "words", "codes", "faces", "differ")


class Case(NamedTuple):
    """A picture as a file, of one group, and the words that it is known to hold."""

    group: str
    name: str
    content: bytes
    words: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """What was found again in a picture, by whom; what others had found before it was covered."""

    again: dict[str, list[str]]
    before: dict[str, int]


def main(argv: list[str] | None = None) -> bool:
    """Print the figures; return whether they are within the limits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.covered")
    parser.add_argument("photos", nargs="?", type=Path)
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the copies of those that fail")
    parser.add_argument("--only", help="groups of pictures, by the first letters of their names")
    parser.add_argument("--every", type=int, default=1, help="take each N-th picture of a group")
    given = parser.parse_args(argv or [])
    if not available() or independent.missing():
        print(
            f"covered: not measured, as {', '.join(independent.missing()) or 'vision'} is missing"
        )
        return True
    verdicts: dict[str, list[Verdict]] = {}
    numbers: Counter[str] = Counter()
    os.environ["LC_ALL"] = "en_GB.UTF-8"
    with tempfile.TemporaryDirectory() as folder, Worker(sight=THREADS) as worker:
        for case in _cases(given.photos):
            if given.only and not case.group.startswith(given.only):
                continue
            numbers[case.group] += 1
            if (numbers[case.group] - 1) % given.every:
                continue
            verdict = _judged(case, Path(folder), worker, given)
            verdicts.setdefault(case.group, []).append(verdict)
            for who, what in verdict.again.items():
                print(f"  {case.group} {case.name}: {who}: {', '.join(what)[:150]}")
    return _table(verdicts)


def _cases(photos: Path | None) -> Iterator[Case]:
    fonts = list(texts.installed_fonts())
    for page in texts.pages(fonts):
        name = f"{page.size} pixels, {page.view}, {page.font}"
        yield _made("text", name, page.picture, page.rows)
    for number, form in enumerate(texts.forms(fonts)):
        rows = [row for row, _ in form.shot.lines]
        yield _made("personal data", str(number), form.shot.picture, rows)
    for scene in vision_cost.scenes():
        yield _made("codes", scene.name, scene.picture, [])
    for path in sorted(photos.iterdir()) if photos else ():
        if path.suffix in (".jpg", ".jpeg"):
            yield Case("photos", path.name, path.read_bytes())
    if photos:
        for way, number, image in faces.pictures(photos):
            yield _made("faces", f"{number}, {way}", image, [])


def _made(group: str, name: str, picture: Image.Image, rows: list[str]) -> Case:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=92)
    known = {"".join(filter(str.isalnum, word)).casefold() for row in rows for word in row.split()}
    return Case(group, name, written.getvalue(), frozenset(known))


def _judged(case: Case, folder: Path, worker: Worker, given: argparse.Namespace) -> Verdict:
    source = folder / "source.jpg"
    source.write_bytes(case.content)
    outbox = Outbox(folder / "outbox")
    outbox.prepare()
    result = clean_file(Task(path=str(source), policy=POLICY), outbox, worker)
    control = folder / "control.jpg"
    control.write_bytes(_encoded_alike(case.content))
    again: dict[str, list[str]] = {}
    words, faces = independent.words(control), _faces(control, given.model)
    before = {"words": len(words), "codes": len(independent.codes(control)), "faces": len(faces)}
    if result.outcome is not Outcome.CLEANED or result.copy is None or result.report is None:
        return Verdict({"held": [result.reason]}, before)
    copy = Path(result.copy.path)
    again["ours"] = _ours(copy, control)
    again["words"] = _words(copy, words, case.words)
    again["codes"] = independent.codes(copy)
    places = faces + [
        (box[0], box[1], box[0] + box[2], box[1] + box[3])
        for one in result.report.findings
        if one.kind.startswith("content.face") and (box := one.box)
    ]
    again["faces"] = [
        ", ".join(f"{side:.0f}" for side in face)
        for face in _faces(copy, given.model)
        if any(independent.shared(face, place) > 0.1 for place in places)
        and not any(independent.shared(face, box) > 0.5 for box in _mistaken(case.name))
    ]
    again["differ"] = _different(copy, control if _is_encoded_anew(copy, source) else source)
    again = {who: what for who, what in again.items() if what}
    if again and given.keep:
        given.keep.mkdir(exist_ok=True)
        name = "".join(one if one.isalnum() or one == "." else "-" for one in case.name)
        (given.keep / f"{case.group}-{name}.jpg").write_bytes(copy.read_bytes())
        (given.keep / f"{case.group}-{name}-before.jpg").write_bytes(case.content)
    copy.unlink()
    return Verdict(again, before)


def _mistaken(name: str) -> list[independent.Box]:
    return [
        tuple(box)
        for box in tomllib.loads(COUNTS_FILE.read_text("utf-8"))["mistaken"].get(name, ())
    ]


def _encoded_alike(content: bytes) -> bytes:
    """Return a picture encoded as a covered copy is, with nothing covered."""
    from unexposed.worker.reencode import encoded, in_srgb

    with Image.open(io.BytesIO(content)) as image:
        upright = in_srgb(ImageOps.exif_transpose(image)).convert("RGB")
        return encoded(upright, format_named("jpeg"), POLICY.quality)


def _ours(copy: Path, control: Path) -> list[str]:
    from unexposed.worker.sight import seen_in, upright

    with Image.open(copy) as image, Image.open(control) as uncovered:
        seen = seen_in(upright(image), THREADS)
        black = _blackened(image, uncovered)
    return [
        f"{one.kind} {one.value}"
        for one in seen
        if POLICY.covers(one.kind)
        and not (one.kind == "content.text" and _is_a_cover(one.value, one.outline, black))
    ]


def _blackened(copy: Image.Image, uncovered: Image.Image) -> Image.Image:
    """Return white where a copy is black and just about there the picture was not, black elsewhere."""
    fresh = ImageChops.subtract(_bright(uncovered), _bright(copy))
    about = fresh.filter(ImageFilter.MaxFilter(2 * REACH + 1))  # bars were black before, too
    return ImageChops.subtract(about, _bright(copy))


def _bright(image: Image.Image) -> Image.Image:
    """Return white where a picture is lighter than what was covered, black elsewhere."""
    red, green, blue = image.convert("RGB").split()
    lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return lightest.point(lambda value: 255 * (value > DARK))


def _is_a_cover(read: str, outline: tuple[tuple[float, float], ...], black: Image.Image) -> bool:
    place = Image.new("L", black.size)
    ImageDraw.Draw(place).polygon([*outline], fill=255)
    share = ImageStat.Stat(black, place).mean[0] / 255
    return sum(map(str.isalnum, read)) < independent.LETTERS and share > COVERED


def _words(copy: Path, before: list[independent.Word], known: frozenset[str]) -> list[str]:
    sure = [word.box for word in before if word.sure >= independent.SURE]
    return [
        f"{word.text} ({word.sure:.0f})"
        for word in independent.words(copy)
        if _known(word.text, known)
        or (
            word.sure >= independent.SURE
            and any(independent.shared(word.box, box) > 0.1 for box in sure)
        )
    ]


def _known(word: str, known: frozenset[str]) -> bool:
    return word in known or (
        len(word) > independent.LETTERS
        and any(difflib.SequenceMatcher(None, word, one).ratio() >= LIKE for one in known)
    )


def _faces(path: Path, model: Path | None) -> list[independent.Box]:
    if model is None:
        return []
    with Image.open(path) as image:
        return independent.faces(image.convert("RGB"), model)


def _is_encoded_anew(copy: Path, source: Path) -> bool:
    """Tell whether anything was covered: a copy of which nothing was has the pixels of its source."""
    with Image.open(copy) as one, Image.open(source) as other:
        return one.tobytes() != other.tobytes()


def _different(copy: Path, control: Path) -> list[str]:
    """Tell of pixels that differ from the control and are not near to what was covered."""
    import cv2
    import numpy

    with Image.open(copy) as one, Image.open(control) as other:
        if one.size != other.size:
            return [f"{one.size} instead of {other.size}"]
        after, before = (numpy.asarray(image.convert("RGB")) for image in (one, other))
    changed = (after != before).any(axis=2)
    covered = (changed & (after.max(axis=2) <= DARK)).astype(numpy.uint8)
    side = 2 * REACH + 1
    near = cv2.dilate(covered, numpy.ones((side, side), numpy.uint8)) > 0
    far = int((changed & ~near).sum())
    return [f"{far} pixels"] if far else []


def _table(verdicts: dict[str, list[Verdict]]) -> bool:
    heads = "".join(f"{head:>8}" for head in COLUMNS)
    print(f"\ncovered                pictures{heads}    good    found before: words codes faces")
    everything = [one for group in verdicts.values() for one in group]
    good = True
    for name, group in [*verdicts.items(), ("all", everything)]:
        share = sum(not one.again for one in group) / max(1, len(group))
        row = "".join(f"{sum(head in one.again for one in group):8}" for head in COLUMNS)
        before = "".join(
            f"{sum(one.before[what] > 0 for one in group):6}"
            for what in ("words", "codes", "faces")
        )
        print(f"  {name:21}{len(group):8}{row}{share:8.3f}                {before}")
        good = share >= LIMIT
    print(f"  limit {LIMIT:g} of all; the numbers are pictures")
    return good


if __name__ == "__main__":
    sys.exit(int(not main(sys.argv[1:])))
