"""Write the pages that are made from the code's own tables: `python docs/generate.py`."""

from __future__ import annotations

from pathlib import Path

from unexposed.catalogue import COMBINATIONS, KINDS, VARIANTS
from unexposed.formats import formats

FOLDER = Path(__file__).parent

_FORMATS = """\
# What becomes of every part of a file

Made from the formats' own tables by `docs/generate.py`; a test holds the tables to what the code
does. Everything that goes is found first and told in the report. *Made plain* means: what is
needed stays, written anew so that it says nothing else. What no row names does not exist:
each byte of a file belongs to a part, and a part without a row fails a test.

A clean copy is divided into its parts again before it appears, and holds nothing but what
*stays* or is *plain* already.
"""


def formats_page() -> str:
    """Return docs/formats.md."""
    sections = []
    for one in formats():
        rows = "\n".join(f"| {place.where} | {place.fate} | {place.why} |" for place in one.PLACES)
        endings = ", ".join(one.EXTENSIONS)
        sections.append(
            f"## {one.NAME.upper()} ({endings})\n\n| where | becomes | why |\n|---|---|---|\n{rows}\n"
        )
    return "\n".join([_FORMATS, *sections])


_EXPOSURES = """\
# What a file can give away

Made from the catalogue in `daemon/unexposed/catalogue` by `docs/generate.py`. The kind is the name by which
`--json` tells a finding, and `unexposed inspect --explain KIND` tells the same on a terminal. The
level is what a finding has by itself. In the sentences, … stands for the value.

| kind | level and why | what it tells | as a sentence | what cleaning does |
|---|---|---|---|---|
"""

_COMBINED = """
## Together

A file has the level of its worst finding, or a higher one where several say more together.

| what comes together | level | why |
|---|---|---|
"""


def exposures_page() -> str:
    """Return docs/exposures.md."""
    rows = (
        f"| {key} | {one.level.value}: {one.why} | {one.tells} "
        f"| {one.sentence.format(value='…')} | {one.cleaning} |\n"
        for key, one in (KINDS | VARIANTS).items()
    )
    together = (
        f"| {', and '.join(' or '.join(sorted(part)) for part in one.parts)} "
        f"| {one.level.value} | {one.why} |\n"
        for one in COMBINATIONS
    )
    return "".join((_EXPOSURES, *rows, _COMBINED, *together))


PAGES = {"exposures.md": exposures_page, "formats.md": formats_page}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
