"""The real daemon, as a process of its own, on folders of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from unexposed.presence import heartbeat

PATIENCE = 20.0


def wait_until(came: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not came():
        assert time.monotonic() < end, f"waited {patience} s in vain: {what}"
        time.sleep(0.01)


class Home:
    """A person's folders, a configuration, and the daemon on them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.downloads = root / "Downloads"
        self.outbox = root / "Unexposed"
        self.state = root / "state"
        self.config = root / "config.toml"
        self.downloads.mkdir(parents=True)
        self.configure()
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, extra: str = "", watch: str = "", *, vision: bool = False) -> None:
        self.config.write_text(
            f'outbox = "{self.outbox}"\nstate_dir = "{self.state}"\n{extra}\n'
            "[notifications]\nenabled = false\n"
            f"[vision]\nenabled = {str(vision).lower()}\n"
            f'[[watch]]\npath = "{self.downloads}"\n{watch}\n'
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "unexposed", *arguments]

    def start(self, *, ready: bool = True, **environment: str) -> subprocess.Popen[bytes]:
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command("--verbose", "run", "--config", str(self.config)),
                stderr=log,
                env=os.environ | environment,
            )
        if ready:
            wait_until(self.is_ready, f"the daemon to be ready: {self.log()}")
        return self.process

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        beat = heartbeat(self.state)
        return beat is not None and beat.pid == self.process.pid

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.process = None
        return code

    def once(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command("run", "--once", "--config", str(self.config)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def drop(self, name: str, content: bytes) -> Path:
        """Let a file arrive as a browser does it: under another name, then renamed."""
        path = self.downloads / name
        arriving = path.with_name(f"{name}.part")
        arriving.write_bytes(content)
        os.rename(arriving, path)
        return path

    def copy(self, name: str) -> Path:
        """Wait for a clean copy."""
        path = self.outbox / name
        wait_until(path.exists, f"{name} in the outbox: {self.log()}")
        return path

    def copies(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return sorted(os.listdir(self.outbox))
        return []

    def log(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return (self.root / "log").read_text()
        return ""

    def settled(self, seconds: float = 0.6) -> None:
        """Give the daemon time for a mistake."""
        time.sleep(seconds)
