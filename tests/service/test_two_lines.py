"""The installation of the README in a fresh account: `make installation`, as root, which adds one.

It asks the package index for what pipx installs, and takes a minute or two.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import photos
from tests.e2e.home import wait_until
from tests.service.account import Account
from tests.service.user_manager import UserManager

ROOT = Path(__file__).parents[2]
NAME = "unexposed-try"
PYTHON = "/usr/bin/python3"
PROGRAMS = ("adduser", "deluser", "git", "pipx", PYTHON)

pytestmark = [
    pytest.mark.skipif(
        os.environ.get("UNEXPOSED_TRY_INSTALLATION") != "1", reason="make installation does it"
    ),
    pytest.mark.timeout(600),
]


def two_lines() -> list[str]:
    """What the README says below "Install"."""
    _, _, told = (ROOT / "README.md").read_text().partition("## Install\n")
    return told.strip().split("\n\n")[0].splitlines()


@pytest.fixture
def manager() -> Iterator[UserManager]:
    """The systemd of somebody who has nothing yet."""
    missing = [one for one in PROGRAMS if shutil.which(one) is None]
    assert os.geteuid() == 0, "it takes root"
    assert not missing
    subprocess.run(["adduser", "--quiet", "--disabled-password", "--gecos", "", NAME], check=True)
    try:
        user = pwd.getpwnam(NAME)
        account = Account(PYTHON, user)
        account.environment = {
            "USER": NAME,
            "LOGNAME": NAME,
            "SHELL": "/bin/bash",
            "PATH": f"{user.pw_dir}/.local/bin:/usr/bin:/bin",
        }
        with UserManager(Path(user.pw_dir), account).up() as up:
            yield up
    finally:
        subprocess.run(["deluser", "--quiet", "--remove-home", NAME], check=True)


def test_two_lines_install_it_for_somebody_new(manager: UserManager, tmp_path: Path) -> None:
    def order(line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],
            env=manager.environment,
            cwd=source if source.is_dir() else manager.home,
            capture_output=True,
            text=True,
            check=False,
            **manager.account.becomes,
        )
        sys.stdout.write(f"$ {line}\n{done.stdout}{done.stderr}\n")
        assert done.returncode == 0, done.stderr
        return done.stdout

    source = manager.home / "unexposed"
    downloads, outbox = (manager.home / one for one in ("Downloads", "Pictures/Unexposed"))
    bundle = Path("/tmp", f"{NAME}-{os.getpid()}.bundle")
    try:
        subprocess.run(["git", "-C", ROOT, "bundle", "create", "-q", bundle, "HEAD"], check=True)
        bundle.chmod(0o644)
        order(f"git clone --quiet {bundle} unexposed")
    finally:
        bundle.unlink()
    install, serve = two_lines()
    order(install)
    assert "running (process" in order(serve)
    assert manager.property("unexposed.service", "ActiveState") == "active"
    # Somebody new has no Downloads yet; as soon as there is one, it is watched.
    order("mkdir ~/Downloads")
    wait_until(lambda: f"watched    {downloads}" in order("unexposed status"), "it to be watched")
    (tmp_path / "a.jpg").write_bytes(photos.phone_photo())
    os.chmod(tmp_path / "a.jpg", 0o644)
    shutil.copy(tmp_path / "a.jpg", downloads)
    manager.account.give(downloads / "a.jpg")
    wait_until(lambda: (outbox / "a.jpg").exists(), "the copy")
    assert photos.SECRET_AUTHOR.encode() not in (outbox / "a.jpg").read_bytes()
    order("unexposed doctor --quiet")
    order("unexposed completion --install")
    assert order("man -w unexposed").endswith("/share/man/man1/unexposed.1\n")
    order("unexposed service uninstall")
    order("pipx uninstall unexposed")
    assert (outbox / "a.jpg").exists(), "the copies stay"
    assert not (manager.units / "unexposed.service").exists()
