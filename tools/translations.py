"""Keep the translations in step with the code: `python -m tools.translations`.

Adds new texts to each `unexposed.po` without a translation, drops those that are gone, and
compiles each to the `unexposed.mo` that the package carries. Texts are the literals that `tr`,
`trn` and `translatable` are given, and the words of the catalogue.
Source: GNU gettext's manual, "The Format of PO Files" and "The Format of GNU MO Files".
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from unexposed import catalogue

PACKAGE = Path(__file__).parent.parent / "daemon" / "unexposed"
FOLDER = PACKAGE / "locale"
_MARKS = {"tr": 1, "translatable": 1, "trn": 2}
"""Function -> how many of its arguments are texts."""

Key = tuple[str, ...]
"""A text, or its forms for one and for many."""


def marked() -> list[Key]:
    """Return every text that has to be translated, in the order in which they are found."""
    return list(dict.fromkeys([*_tables(), *_calls()]))


def _tables() -> Iterator[Key]:
    for entry in (catalogue.KINDS | catalogue.VARIANTS).values():
        for text in (entry.tells, entry.why, entry.sentence, entry.cleaning, *entry.phrase[:2]):
            yield (text,)
    for combination in catalogue.COMBINATIONS:
        yield (combination.why,)
    for family in catalogue.FAMILIES.values():
        for text in (family.title, *family.others[:2]):
            yield (text,)
    for text in catalogue.OTHER[:2]:
        yield (text,)


def _calls() -> Iterator[Key]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            texts = node.args[: _MARKS.get(node.func.id, 0)]
            literal = [
                one.value
                for one in texts
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if literal and len(literal) == len(texts):
                yield tuple(literal)


def read(path: Path) -> dict[Key, Key]:
    """Return a .po file's texts and their translations; the header stands under ("",)."""
    translations: dict[Key, Key] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        ids: list[str] = []
        texts: list[str] = []
        current = ids
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            keyword, _, rest = line.partition(" ")
            if keyword.startswith('"'):
                current[-1] += ast.literal_eval(line)
                continue
            current = ids if keyword.startswith("msgid") else texts
            current.append(ast.literal_eval(rest))
        if ids:
            translations[tuple(ids)] = tuple(texts)
    return translations


def written(translations: Mapping[Key, Key]) -> str:
    """Return the text of a .po file."""
    blocks = []
    for key, texts in translations.items():
        lines = [f"msgid {_quoted(key[0])}"]
        if len(key) > 1:
            lines.append(f"msgid_plural {_quoted(key[1])}")
            lines += [f"msgstr[{number}] {_quoted(text)}" for number, text in enumerate(texts)]
        else:
            lines.append(f"msgstr {_quoted(texts[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def compiled(translations: Mapping[Key, Key]) -> bytes:
    """Return the bytes of a .mo file; texts without a translation are left out."""
    pairs = sorted(
        ("\0".join(key).encode(), "\0".join(texts).encode())
        for key, texts in translations.items()
        if all(texts)
    )
    count = len(pairs)
    places: list[tuple[int, int]] = []
    data = b""
    start = 28 + 16 * count
    for column in (0, 1):
        for pair in pairs:
            places.append((len(pair[column]), start + len(data)))
            data += pair[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return header + b"".join(struct.pack("<2I", *place) for place in places) + data


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    """Bring every language up to date."""
    texts = marked()
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/unexposed.po")):
        before = read(path)
        now = {("",): before[("",)]} | {key: before.get(key, ("",) * len(key)) for key in texts}
        path.write_text(written(now), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(compiled(now))
        missing = sum(not all(one) for one in now.values())
        print(f"{path.parent.parent.name}: {len(texts)} texts, {missing} without a translation")


if __name__ == "__main__":
    main()
