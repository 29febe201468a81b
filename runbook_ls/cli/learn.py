"""`runbook-ls learn`: teach from runbooks, or from (intent, command) lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from runbook_ls.cli.session import open_session, warn
from runbook_ls.lint.files import find_files, read_runbook
from runbook_ls.memory import exchange
from runbook_ls.memory.records import Lesson
from runbook_ls.values import RunbookError
from runbook_ls.workbench import learn


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--jsonl", metavar="FILE", help='Lines {"intent", "command"}, as export writes; - is stdin.')
@click.option(
    "--run", "run_id", metavar="ID", help="Learn what this run of the history did, whatever its receipt."
)
@click.option("--not-run", metavar="ID", help="Take back what this run of the history taught.")
@click.option("--background", is_flag=True, hidden=True)
def command(
    paths: tuple[str, ...], jsonl: str | None, run_id: str | None, not_run: str | None, background: bool
) -> int:
    """Teach the (prose, command) pairs of runbooks, files or directories."""
    if run_id is not None or not_run is not None:
        return _overrule(run_id, not_run)
    if not paths and jsonl is None:
        raise click.UsageError("Name runbooks or directories to learn from, --jsonl FILE, or --run ID.")
    if background:
        return _in_background(paths[0])
    with open_session() as session:
        added = 0
        if jsonl is not None:
            added += learn.learn_lessons(session, _lessons(jsonl)).added
        files, complaints = find_files(paths)
        failures = list(complaints)
        for file in files:
            try:
                added += learn.learn_runbook(session, Path(file), read_runbook(file)).added
            except RunbookError as error:
                failures.append(str(error))
        for failure in dict.fromkeys(failures):  # a full disk is the same for each file
            warn(failure)
        with _progress() as advance:
            for note in learn.embed(session, advance):
                if note not in failures:
                    warn(note)
    warn(f"learned {added} example{'' if added == 1 else 's'}")
    return 2 if failures and len(failures) >= len(files) + len(complaints) else 0


def _overrule(run_id: str | None, not_run: str | None) -> int:
    with open_session() as session:
        for wanted, teach in ((run_id, True), (not_run, False)):
            if wanted is not None:
                run = learn.overrule(session, wanted, teach=teach)
                warn(f"run {run.id}: {run.receipt}")
    return 0


def _in_background(workspace: str) -> int:
    """What a server starts for the open workspace: the examples answer only there, each line of stdout says how far
    it is, and the server's own worker makes the vectors."""
    with open_session(Path(workspace)) as session:
        files = find_files([workspace])[0]
        for done, file in enumerate(files, start=1):
            try:
                learn.learn_runbook(session, Path(file), read_runbook(file), everywhere=False)
            except RunbookError:
                pass  # lint is the place to hear about files that cannot be read
            click.echo(f"{done} {len(files)}")
    return 0


def _lessons(source: str) -> tuple[Lesson, ...]:
    """The lessons of a file, or of stdin; RunbookError if a line of it cannot be used."""
    loaded = exchange.load(sys.stdin.read() if source == "-" else read_runbook(source))
    if loaded.complaints:
        raise RunbookError(f"{source}, {loaded.complaints[0]}; nothing was learned.")
    return loaded.lessons


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("embedding", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
