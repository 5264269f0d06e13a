"""Whose systemd is tried: an ordinary person's where that can be, this process's own elsewhere."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, Self

_NOBODY = "nobody"
_ROOT = Path(__file__).parents[2]
_PYTHONS = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")


class Account:
    """A user, and a Python that this user may run with unexposed in it.

    `becomes` are the arguments that have `subprocess` run as this user, `launcher` the words
    before a command that do so.
    """

    def __init__(self, python: str, user: pwd.struct_passwd | None = None) -> None:
        self.python = python
        self.becomes: dict[str, Any] = {}
        self.launcher: tuple[str, ...] = ()
        self.environment: dict[str, str] = {}
        self._user = user
        if user is not None:
            self.becomes = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            self.launcher = (
                "setpriv",
                f"--reuid={user.pw_uid}",
                f"--regid={user.pw_gid}",
                "--clear-groups",
            )
            self.environment = {"PYTHONPATH": _python_path(), "USER": user.pw_name}

    @property
    def is_ordinary(self) -> bool:
        """Whether this user may do no more than others."""
        return self._user is not None or os.geteuid() != 0

    def give(self, path: Path) -> None:
        """Make the user the owner of a file or folder."""
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    @classmethod
    def ordinary(cls) -> Self:
        """Return somebody without special rights, if tests run as root and one can be found."""
        if os.geteuid() == 0:
            for python in _PYTHONS:
                found = cls(python, pwd.getpwnam(_NOBODY))
                if found._can_run():
                    return found
        return cls(sys.executable)

    def _can_run(self) -> bool:
        command = (self.python, "-m", "unexposed", "--version")
        try:
            tried = subprocess.run(
                command,
                env={"PATH": os.environ["PATH"]} | self.environment,
                cwd="/",
                capture_output=True,
                check=False,
                **self.becomes,
            )
        except OSError:
            return False
        return tried.returncode == 0


def _python_path() -> str:
    own = (str(_ROOT / "daemon"), str(_ROOT / "service"))
    return os.pathsep.join((*own, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
