"""Paths that people do have, and paths that nobody should."""

from __future__ import annotations

import os

from hypothesis import strategies as st

ODD_WORDS = (
    "/home/ada/My Pictures/config.toml",
    "/srv/100%/%n/%%h.toml",
    "/srv/$HOME/${USER}/$$.toml",
    '/home/o\'brien/"quoted".toml',
    "/srv/back\\slash\\n\\x41.toml",
    "/srv/line\nbreak\ttab\rreturn.toml",
    "/srv/ leading and trailing .toml ",
    "/home/ada/Bilder/Größe 写真 📷.toml",
    "/srv/<&amp;>]]>.toml",
    "/srv/@COMMAND@/@MEMORY@.toml",
    "/srv/turned\u202eround\u00a0\u2028.toml",
    "/srv/bell\a\x1b[31m\x7f\x85.toml",
    ";",
    "",
)
NOT_UTF_8 = ("/srv/caf\udce9.toml", "/srv/\udcff\udc80 \udcc3.toml")


def any_word() -> st.SearchStrategy[str]:
    """Whatever can stand in a path or an argument: any bytes but NUL."""
    syntax = st.text(alphabet="%$\"'\\;@ \n\tnx4[]#=é", max_size=12)
    anything = st.binary(max_size=12).map(lambda raw: os.fsdecode(raw.replace(b"\0", b"")))
    return st.one_of(syntax, anything)


def is_utf_8(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True
