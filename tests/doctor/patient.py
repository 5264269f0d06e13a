"""Somebody whose unexposed is looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from unexposed.config import load
from unexposed.doctor import Case, Check, State
from unexposed.doctor.check import Look


class Patient:
    """Folders and a configuration."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.downloads = home / "Downloads"
        self.outbox = home / "Unexposed"
        self.state = home / "state"
        self.file = home / "config.toml"
        self.downloads.mkdir()
        self.outbox.mkdir()
        self.write()

    def write(self, more: str = "", watch: str = "") -> None:
        self.file.write_text(
            f'outbox = "{self.outbox}"\nstate_dir = "{self.state}"\n{more}\n'
            f'[[watch]]\npath = "{self.downloads}"\n{watch}\n'
        )
        self.file.chmod(0o600)

    def looked(self, look: Look, *, notify: bool = False) -> list[Check]:
        """What one look finds."""
        return list(look(Case(config=load(self.file), file=self.file, notify=notify)))

    def one(self, look: Look, *, notify: bool = False) -> Check:
        (found,) = self.looked(look, notify=notify)
        return found

    def command(self, *options: str) -> list[str]:
        return [
            sys.executable, "-m", "unexposed", "doctor", "--config", str(self.file), *options,
        ]  # fmt: skip

    def doctor(self, *options: str, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Run the command, with other words before it."""
        return subprocess.run(
            [*before, *self.command(*options)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def told(self, *, before: Sequence[str] = ()) -> dict[str, Check]:
        """What the command says of everything, by name."""
        ended = self.doctor("--json", "--quiet", before=before)
        assert ended.stderr == ""
        checks = [json.loads(line) for line in ended.stdout.splitlines()]
        assert ended.returncode == int(any(one["state"] == "wrong" for one in checks))
        return {
            one["name"]: Check(one["name"], State(one["state"]), one["what"], one["advice"])
            for one in checks
        }


def in_a_room(room: Sequence[str], first: str) -> list[str]:
    return [*room, f'{first} && exec "$@"', "sh"]
