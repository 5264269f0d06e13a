"""`unexposed clean`: clean copies of files and folders, here and now."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unexposed.cli.files import as_named, files_in, json_line, went_wrong
from unexposed.cli.render import Screen
from unexposed.config import load
from unexposed.exposure import Outcome
from unexposed.outbox import Outbox, OutboxError
from unexposed.pipeline import Gone, NotNow, Result, Task, clean_file, looked_into
from unexposed.worker import Worker


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the copies; the outbox of the configuration without it.",
)
@click.option("--policy", "policy_name", default="metadata", help="Policy by its name.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file to use.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def clean(
    *,
    out: Path | None,
    policy_name: str,
    config_file: Path | None,
    as_json: bool,
    paths: tuple[str, ...],
) -> None:
    """Write a clean copy of each file; folders are searched through. Originals stay as they are."""
    config = load(config_file)
    try:
        policy = config.policy_named(policy_name)
    except KeyError:
        known = ", ".join(sorted(config.policy))
        raise click.UsageError(f'there is no policy "{policy_name}"; there are {known}') from None
    outbox = Outbox((out or config.outbox_path).absolute())
    outbox.prepare()
    todo = [
        (path, named)
        for path, named in files_in(paths)
        if not Path(path).absolute().is_relative_to(outbox.root) or named
    ]
    screen = Screen()
    results = []
    with (
        Worker(timeout=config.worker.timeout_seconds, memory_mb=config.worker.memory_mb) as worker,
        screen.progress(len(todo), quiet=as_json) as advance,
    ):
        for path, named in todo:
            try:
                result = clean_file(Task(path=path, policy=policy), outbox, worker)
                result = looked_into(result, worker)
            except (Gone, NotNow, OutboxError) as problem:
                result = Result(outcome=Outcome.FAILED, reason=str(problem))
            advance()
            if named:
                result = as_named(result)
            elif result.outcome is Outcome.SKIPPED and result.report is None:
                continue
            results.append(result)
            if as_json:
                click.echo(json_line(path, result))
            else:
                screen.line(path, result)
    if not as_json and len(todo) > 1:
        screen.total(results)
    sys.exit(int(any(went_wrong(result) for result in results)))
