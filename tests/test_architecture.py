from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.builders.fresh import said_by

IN_COROUTINES = "through_centre.py"
"""On macOS alone, and to a library that has no other way to be called."""
ROOT = Path(__file__).parent.parent

# What the daemon's own process must not load: parsers of files, and libraries for pictures.
KEPT_OUT = (
    "PIL",
    "piexif",
    "defusedxml",
    "xml",
    "unexposed.formats",
    "unexposed.metadata",
    "unexposed.report",
    "rich",
    "unexposed.vision",
    "numpy",
    "cv2",
)


def test_imports_run_downward_only() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


def test_the_daemons_process_imports_no_parser() -> None:
    script = "import sys, unexposed.cli.app, unexposed.cli.run\nprint('\\n'.join(sys.modules))"
    loaded = said_by(script).split()
    assert "unexposed.daemon" in loaded
    for name in KEPT_OUT:
        assert [one for one in loaded if one == name or one.startswith(f"{name}.")] == []


def test_the_project_holds_no_network_code() -> None:
    """Sockets are local ones; nothing fetches or listens."""
    forbidden = ("http.client", "urllib.request", "requests", "AF_INET", "socketserver", "asyncio")
    for path in [*ROOT.glob("daemon/**/*.py"), *ROOT.glob("service/**/*.py")]:
        text = path.read_text()
        found = [one for one in forbidden if one in text]
        assert found == (["asyncio"] if path.name == IN_COROUTINES else []), path
