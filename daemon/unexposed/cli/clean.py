"""`unexposed clean`: clean copies of files and folders, here and now."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import click

from unexposed.bulk import Cleaning, Crew, Files, Finished, Tally
from unexposed.cli.app import config_option
from unexposed.cli.files import (
    Stopping,
    check_paths,
    jobs_option,
    json_line,
    new_screen,
    worker_for,
    workers,
)
from unexposed.cli.progress import progress
from unexposed.config import Config, load
from unexposed.ledger import Copies, LedgerError
from unexposed.outbox import Outbox
from unexposed.policy import Policy
from unexposed.wording import prefer

FEW = 50
"""Up to so many files, a line is printed for each; of more, only for those without a copy."""


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the copies; the outbox of the configuration without it.",
)
@click.option("--policy", "policy_name", default="metadata", help="Policy by its name.")
@config_option
@jobs_option
@click.option("--again", is_flag=True, help="Do what an earlier run did anew, in its place.")
@click.option(
    "--quick",
    is_flag=True,
    help="Do not look at what pictures and thumbnails show, but for what the policy covers: faster.",
)
@click.option("-v", "--verbose", is_flag=True, help=f"A line for each file, even of over {FEW}.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
def clean(
    *,
    out: Path | None,
    policy_name: str,
    config_file: Path | None,
    jobs: int | None,
    again: bool,
    quick: bool,
    verbose: bool,
    as_json: bool,
    paths: tuple[str, ...],
) -> None:
    """Write a clean copy of each file; folders are searched through. Originals stay as they are.

    What an earlier run did is passed over, so a run that was stopped goes on where it was.
    """
    check_paths(paths)
    config = load(config_file)
    prefer(config.language)
    policy = _policy(config, policy_name)
    outbox = Outbox((out or config.outbox_path).absolute())
    outbox.prepare()
    files = Files(paths, outbox.root)
    few = len(list(islice(files, FEW + 1))) <= FEW
    tally = Tally()
    stopping = Stopping()

    def tell(one: Finished) -> None:
        if as_json:
            click.echo(json_line(one.found.path, one.result))
        elif few or verbose or one.went_wrong:
            screen.line(one)

    with (
        _memory(config) as copies,
        Crew(
            files,
            Cleaning(policy, outbox, copies, again=again),
            partial(worker_for, config, looks=not quick),
            jobs=workers(config, files, jobs, looks=not quick, covers=policy.covering),
        ) as crew,
        stopping.stops(crew.stop),
        progress(files, quiet=as_json) as advance,
    ):
        screen = new_screen()
        for one in crew:
            advance(one)
            if not one.passed_over:
                tally.add(one)
                tell(one)
    if not as_json and (tally.files != 1 or stopping.status):
        screen.total(tally, stopped=bool(stopping.status))
    sys.exit(stopping.status or int(tally.went_wrong))


def _policy(config: Config, name: str) -> Policy:
    try:
        return config.policy_named(name)
    except KeyError:
        known = ", ".join(sorted(config.policy))
        raise click.UsageError(f'there is no policy "{name}"; there are {known}') from None


@contextmanager
def _memory(config: Config) -> Iterator[Copies | None]:
    """Open the list of what is done; without it files are cleaned all the same."""
    try:
        copies = Copies(config.state_path, keep_values=config.history.keep_values)
    except LedgerError as problem:
        click.echo(f"unexposed: {problem}; a second run will do all files anew", err=True)
        yield None
        return
    with closing(copies):
        yield copies
