"""The worker: a separate process in which untrusted files are opened.

This side of the door is safe to import into the daemon: it loads no parser.
"""

from unexposed.worker.client import Aborted, Reading, Worker, WorkerUnavailable
from unexposed.worker.protocol import Confinement, Done, Kind, Refused, Shown, Small

__all__ = [
    "Aborted",
    "Confinement",
    "Done",
    "Kind",
    "Reading",
    "Refused",
    "Shown",
    "Small",
    "Worker",
    "WorkerUnavailable",
]
