"""What is installed only if somebody asked for it. Nothing of it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed import vision
from unexposed.config import Config
from unexposed.doctor.check import Case, Check, State

_NAME: Final = "optional parts"
_ADVICE: Final = "pipx install --force '.[vision]' in unexposed's folder"


def look(case: Case) -> Iterator[Check]:
    """Look for the extra `vision`, which looks at what pictures show."""
    missing = vision.missing()
    if not missing:
        yield Check(_NAME, State.FINE, "what looks at faces, text and codes is installed")
    elif covering := _that_cover(case.config):
        what = f"the policy {covering[0]} covers what pictures show, and {missing[0]} is missing"
        yield Check(_NAME, State.WRONG, f"{what}: pictures are held back", _ADVICE)
    elif len(missing) < len(vision.NEEDED):
        what = f"of what looks at faces, text and codes, {', '.join(missing)} is not installed"
        yield Check(_NAME, State.FINE, what, f"{_ADVICE}, if you want it")
    else:
        yield Check(
            _NAME, State.FINE, "what looks at faces, text and codes is not installed (optional)"
        )


def _that_cover(config: Config) -> list[str]:
    """Return the policies of watched folders that cannot do without."""
    return sorted({one.policy for one in config.watch if config.policy_for(one).covering})
