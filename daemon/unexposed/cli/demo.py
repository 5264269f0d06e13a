"""`unexposed demo`: see it work on a photo made for the purpose."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from unexposed.cli.render import Screen
from unexposed.pipeline import inspect_file
from unexposed.policy import Policy
from unexposed.presence import heartbeat
from unexposed.sample import phone_photo
from unexposed.worker import Worker

_PATIENCE = 20.0
"""Seconds that the daemon gets for its start and for the one photo."""

_CONFIG = """\
outbox = "{home}/Unexposed"
state_dir = "{home}/state"

[notifications]
enabled = {notify}

[[watch]]
path = "{home}/Downloads"
names = "scrub"
"""


@click.command()
@click.option("--notify/--no-notify", default=True, help="Send the desktop notification too.")
def demo(*, notify: bool) -> None:
    """Show what happens to a photo that arrives in a watched folder.

    The photo is made for the purpose and tells a location; folders and daemon are the demo's own, and
    all of it is removed again.
    """
    screen = Screen()
    with tempfile.TemporaryDirectory(prefix="unexposed-demo-") as home:
        photo = Path(home, "Downloads", "IMG_20250401_182205.jpg")
        copy = Path(home, "Unexposed", "photo-1.jpg")
        photo.parent.mkdir()
        config = Path(home, "config.toml")
        config.write_text(_CONFIG.format(home=home, notify=str(notify).lower()))
        click.echo("A daemon starts and watches a folder of its own ...")
        with _daemon(config) as process:
            _wait_for(lambda: heartbeat(Path(home, "state")) is not None, process)
            click.echo("A photo as a phone takes it arrives in that folder:\n")
            arriving = photo.with_name(photo.name + ".part")
            arriving.write_bytes(phone_photo())
            started = time.monotonic()
            os.rename(arriving, photo)
            _wait_for(copy.exists, process)
            seconds = time.monotonic() - started
            with Worker() as worker:
                screen.card(str(photo), inspect_file(str(photo), Policy(), worker))
                click.echo(f"\n{seconds:.2f} seconds later a clean copy stands in the outbox:\n")
                screen.card(str(copy), inspect_file(str(copy), Policy(), worker))
    click.echo("\nAll of it is removed again. Start the real one with: unexposed run")


@contextmanager
def _daemon(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a daemon for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "unexposed", "run", "--config", str(config)],
        stderr=subprocess.PIPE,
    )
    try:
        yield process
        time.sleep(1.5)  # the notification of a lone file waits a moment for others
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=_PATIENCE)


def _wait_for(came: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while not came():
        if process.poll() is not None:
            _, said = process.communicate()
            raise click.ClickException(f"the daemon ended: {said.decode(errors='replace')}")
        if time.monotonic() > end:
            raise click.ClickException("the daemon took too long")
        time.sleep(0.01)
