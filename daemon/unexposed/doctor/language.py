"""In which language a person is spoken to, and whether names of files can be told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed.wording.language import chosen, prefer

_NAMES: Final = {"en": "English", "de": "German"}
_ASKED: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def look(case: Case) -> Iterator[Check]:
    """Look at the environment as the daemon does."""
    prefer(case.config.language)
    language = _NAMES.get(chosen(), chosen())
    asked = [f"{name}={os.environ[name]}" for name in _ASKED if os.environ.get(name)]
    why = "the configuration" if case.config.language else ", ".join(asked) or "no locale is set"
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        what = f"{language} ({why}), but names of files are taken for {encoding}"
        advice = "set LANG to a locale of UTF-8, such as C.UTF-8"
        yield Check("language", State.ATTENTION, what, advice)
    else:
        yield Check("language", State.FINE, f"{language} ({why})")
