"""Unit files as systemd reads them: systemd.syntax(7) and systemd.unit(5), as far as ours go."""

from __future__ import annotations

_ESCAPES = {
    "a": b"\a", "b": b"\b", "f": b"\f", "n": b"\n", "r": b"\r", "t": b"\t", "v": b"\v",
    "\\": b"\\", '"': b'"', "'": b"'", "s": b" ",
}  # fmt: skip


_ADDING = {"SystemCallFilter"}
"""Keys whose lines add to each other."""


def read(text: str) -> dict[str, dict[str, str]]:
    """Sections with their keys; one that stands twice and adds to nothing is an error here."""
    sections: dict[str, dict[str, str]] = {}
    for line in text.split("\n"):
        if not line or line[0] in "#;":
            continue
        assert line == line.strip(), "systemd strips lines"
        assert not line.endswith("\\"), "a backslash at the end joins lines"
        if line[0] == "[":
            section = sections.setdefault(line.strip("[]"), {})
            continue
        key, _, value = line.partition("=")
        if key in _ADDING:
            value = f"{section.get(key, '')} {value}".strip()
        else:
            assert key not in section
        section[key] = value
    return sections


def words(value: str) -> list[bytes]:
    """Split a value into words: quotes, C escapes, then specifiers."""
    found = []
    rest = value
    while rest := rest.lstrip(" "):
        word, rest = _word(rest)
        found.append(_specified(word))
    return found


def _word(text: str) -> tuple[bytes, str]:
    word = b""
    quote = ""
    at = 0
    while at < len(text):
        one = text[at]
        if one == "\\":
            piece, at = _escape(text, at + 1)
            word += piece
            continue
        at += 1
        if quote and one == quote:
            quote = ""
        elif not quote and one in "\"'":
            quote = one
        elif not quote and one == " ":
            return word, text[at:]
        else:
            word += one.encode()
    assert not quote, "a quote stays open"
    return word, ""


def _escape(text: str, at: int) -> tuple[bytes, int]:
    if text[at] == "x":
        return bytes.fromhex(text[at + 1 : at + 3]), at + 3
    return _ESCAPES[text[at]], at + 1


def _specified(word: bytes) -> bytes:
    pieces = word.split(b"%%")
    assert all(b"%" not in piece for piece in pieces), "a specifier"
    return b"%".join(pieces)
