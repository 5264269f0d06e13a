"""A Python process of its own, for what must not depend on what this one has loaded."""

from __future__ import annotations

import subprocess
import sys


def said_by(script: str) -> str:
    """Run a script and return what it prints. Raises CalledProcessError where it fails."""
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
