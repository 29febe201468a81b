"""`runbook-ls show`: one run or example, with where it came from."""

from __future__ import annotations

import click

from runbook_ls.cli import shown
from runbook_ls.cli.session import open_session
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain


@click.command()
@click.argument("some_id", metavar="ID")
def command(some_id: str) -> int:
    """Show the run or example ID (its beginning is enough)."""
    with open_session() as session:
        run = session.journal.run(some_id)
        if run is not None:
            click.echo(shown.lines(explain.run(run)))
            return 0
        example = session.journal.example(some_id)
        if example is not None:
            click.echo(shown.lines(f"{explain.provenance(example)}\n\n{example.command}"))
            return 0
    raise RunbookError(f"{some_id}: there is no such run or example; `runbook-ls history` lists them.")
