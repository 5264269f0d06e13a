from __future__ import annotations

import os
from pathlib import Path

from unexposed.policy import Policy
from unexposed.worker import Done, Refused, Worker


class Bench:
    """A worker, and a way to hand it bytes."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self.worker = worker
        self.folder = folder

    def run(self, content: bytes, policy: Policy = Policy()) -> tuple[Done | Refused, bytes]:  # noqa: B008
        """Return the reply, and what stands in the output."""
        source = self.folder / "source"
        source.write_bytes(content)
        given = os.open(source, os.O_RDONLY)
        output = os.open(self.folder / "output", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        try:
            reply = self.worker.run(policy, given, output)
            return reply, (self.folder / "output").read_bytes()
        finally:
            os.close(given)
            os.close(output)
