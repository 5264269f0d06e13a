"""How far the report and ExifTool agree on what files give away: real files, and the made ones.

A file is counted for a kind where either of the two tells of it; a value where both can name it.
Where the two differ for a reason that can be stated, `RULES` states it, and the difference is
counted apart; each of the others is listed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.agreement_rules import GPS, ROWS, RULES, Row, Rule
from tests.builders.corpus import CORPUS
from tests.builders.planted import planted
from tests.builders.telling import telling
from unexposed.errors import Held
from unexposed.exposure import Finding
from unexposed.formats import HEAD, sniff
from unexposed.worker.interpret import findings_in

LIMIT = 0.99
_ENDINGS = {"jpeg": "jpg", "tiff": "tif"}
_BLANK = re.compile(r"[\s0:./()\-]*|\(none\)|n/a|none|unknown.*", re.IGNORECASE)

Values = dict[str, str]
"""What is told -> the tag, or the place, that tells it."""


class Difference(msgspec.Struct, frozen=True):
    """One thing that one of the two tells and the other does not."""

    file: str
    kind: str
    teller: str
    where: str
    value: str
    rule: Rule | None


def main() -> bool:
    """Print the table and the differences; return whether both shares reach the limit in each row."""
    if shutil.which("exiftool") is None:
        print("agreement: exiftool is not installed")
        return True
    with tempfile.TemporaryDirectory() as folder:
        made = list(_made(Path(folder)))
        corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
        real = (
            sorted(path for path in corpus.rglob("*") if path.is_file()) if corpus.is_dir() else []
        )
        return _compare([*real, *made])


def _made(folder: Path) -> Iterator[Path]:
    for number, (kind, _, build) in enumerate([*planted(), *telling()]):
        path = folder / f"{number}.{_ENDINGS.get(kind, kind)}"
        path.write_bytes(build())
        yield path


def _compare(paths: list[Path]) -> bool:
    theirs = exiftool(paths)
    held = 0
    tallies = {row.kind: Tally() for row in ROWS}
    differences: list[Difference] = []
    for path in paths:
        ours = _ours(path)
        if ours is None:
            held += 1
            continue
        for row in ROWS:
            mine = {one.value: one.where for one in ours if one.kind == row.kind}
            other = _told(theirs.get(str(path), {}), row)
            differences += tallies[row.kind].add(path.name, row, mine, other)
    print(
        f"agreement with ExifTool: {len(paths):,} files, of which {held} are held back unread"
        f" and not compared"
    )
    print(
        f"  {'':26}{'files':>6} {'recall':>7} {'prec.':>7} {'values':>7} {'recall':>7} {'prec.':>7}"
        f" {'apart':>6}"
    )
    for kind, tally in tallies.items():
        print(f"  {kind:26}{tally}")
    _list(differences)
    return all(tally.is_within for tally in tallies.values())


class Tally:
    """How often the two agree on a kind of finding."""

    def __init__(self) -> None:
        self.files = Share()
        self.values = Share()
        self.apart = 0

    def add(self, name: str, row: Row, ours: Values, theirs: Values) -> list[Difference]:
        """Count a file; return what one of the two tells and the other does not."""
        found = [
            *_missing(name, row, "ExifTool", theirs, ours),
            *_missing(name, row, "unexposed", ours, theirs),
        ]
        left = [one for one in found if one.rule is None]
        self.apart += len(found) - len(left)
        missed = {one.value for one in left if one.teller == "ExifTool"}
        beyond = {one.value for one in left if one.teller == "unexposed"}
        explained = {(one.teller, one.value) for one in found if one.rule}
        mine = [value for value in ours if ("unexposed", value) not in explained]
        other = [value for value in theirs if ("ExifTool", value) not in explained]
        if row.same is not None:
            self.values.add(
                len(other), len(other) - len(missed), len(mine), len(mine) - len(beyond)
            )
        both = bool(mine) and bool(other)
        self.files.add(int(bool(other)), int(both), int(bool(mine)), int(both))
        return found

    @property
    def is_within(self) -> bool:
        """Whether recall and precision reach the limit."""
        return self.files.is_within and self.values.is_within

    def __str__(self) -> str:
        return f"{self.files} {self.values} {self.apart:6}"


class Share:
    """Recall and precision: of what ExifTool tells, and of what we tell, how much both tell."""

    def __init__(self) -> None:
        self.theirs = self.found = self.ours = self.right = 0

    def add(self, theirs: int, found: int, ours: int, right: int) -> None:
        """Count what ExifTool tells, how much of it we do; what we tell, how much of it it does."""
        self.theirs += theirs
        self.found += found
        self.ours += ours
        self.right += right

    @property
    def recall(self) -> float:
        """1 where there is nothing to be found."""
        return self.found / self.theirs if self.theirs else 1.0

    @property
    def precision(self) -> float:
        """1 where nothing was told."""
        return self.right / self.ours if self.ours else 1.0

    @property
    def is_within(self) -> bool:
        """Whether both reach the limit."""
        return min(self.recall, self.precision) >= LIMIT

    def __str__(self) -> str:
        return f"{self.theirs:6} {self.recall:7.3f} {self.precision:7.3f}"


def _missing(
    name: str, row: Row, teller: str, told: Values, by_other: Values
) -> Iterator[Difference]:
    """Yield what one tells and the other does not; a kind whose values say nothing counts once."""
    for value, where in told.items():
        if row.same is None:
            if by_other:
                return
        elif any(
            row.same(value, other) if teller == "unexposed" else row.same(other, value)
            for other in by_other
        ):
            continue
        rule = next(
            (
                rule
                for rule in RULES
                if re.fullmatch(rule.kinds, row.kind)
                and rule.shown.search(f"{teller} {where} = {value}")
                and rule.files.search(name)
            ),
            None,
        )
        yield Difference(name, row.kind, teller, where, value, rule)


def _list(differences: Sequence[Difference]) -> None:
    """Print every difference, those that a rule explains below the rule's sentence."""
    for one in differences:
        if one.rule is None:
            print(f"  unexplained, {one.kind}: {_in_words(one)}")
    for rule in RULES:
        of_its = [one for one in differences if one.rule is rule]
        if of_its:
            print(f"  {rule.kinds}, counted apart: {rule.sentence}")
        for one in of_its:
            print(f"    {_in_words(one)}")


def _in_words(one: Difference) -> str:
    return f"only {one.teller} tells of {one.file}: {one.where} = {one.value[:80]}"


def _ours(path: Path) -> tuple[Finding, ...] | None:
    """Return what a file gives away, None for one that is held back unread."""
    content = path.read_bytes()
    try:
        container = sniff(content[:HEAD])
        parts = container.dissect(content)
        blocks = container.blocks(content, parts)
    except Held:
        return None
    return findings_in(blocks)


def exiftool(paths: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Return what ExifTool reads from each file, "Group:Tag" to value."""
    command = ["exiftool", "-j", "-G1", "-a", "-u", "-ee", "-struct", "-api", "largefilesupport=1"]
    with tempfile.NamedTemporaryFile("w", suffix=".args") as arguments:
        arguments.write("\n".join(map(str, paths)))
        arguments.flush()
        ended = subprocess.run(
            [*command, "-c", "%.7f", "-@", arguments.name], capture_output=True, check=False
        )
    answers: list[dict[str, Any]] = json.loads(ended.stdout or b"[]")
    return {answer.pop("SourceFile"): answer for answer in answers}


def _told(tags: dict[str, Any], row: Row) -> Values:
    """Return the values of the tags that tell of a row's kind."""
    pairs = [*tags.items(), *((GPS, place) for place in _positions(tags))]
    found: Values = {}
    for tag, value in pairs:
        if row.tags.fullmatch(tag):
            for one in value if isinstance(value, list) else [value]:
                text = " ".join(str(one).split())
                if not _BLANK.fullmatch(text):
                    found.setdefault(text, tag)
    return found


def _positions(tags: dict[str, Any]) -> Iterator[str]:
    """Yield the places that coordinates and their hemispheres make together."""
    for group in {tag.partition(":")[0] for tag in tags} - {"Composite"}:
        sides = [
            _degrees(tags, group, name, negative)
            for name, negative in (("Latitude", "S"), ("Longitude", "W"))
        ]
        if None not in sides:
            yield f"{sides[0]:.6f}, {sides[1]:.6f}"
        for name in ("GPSCoordinates", "LocationInformation"):
            numbers = re.findall(r"-?\d+\.\d+(?: [NSEW])?", str(tags.get(f"{group}:{name}", "")))
            if len(numbers) >= 2:
                yield ", ".join(
                    f"{-float(n[:-2]) if n[-1] in 'SW' else float(n.rstrip(' NE')):.6f}"
                    for n in numbers[:2]
                )


def _degrees(tags: dict[str, Any], group: str, name: str, negative: str) -> float | None:
    shown = str(tags.get(f"{group}:GPS{name}", "")).strip()
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?) ?([NSEW]?)", shown)
    if match is None:
        return None
    # A positive number is printed with N or E even where the tag beside it says S or W.
    side = str(tags.get(f"{group}:GPS{name}Ref", ""))[:1] or match[2]
    return -float(match[1]) if side == negative else float(match[1])


if __name__ == "__main__":
    sys.exit(int(not main()))
