"""`runbook-ls export`: the examples, to back up, to move or to review."""

from __future__ import annotations

import click

from runbook_ls.cli.session import open_session
from runbook_ls.memory import exchange


@click.command()
def command() -> int:
    """Print every example as a line of JSON, sorted, with where it came from; `learn --jsonl` reads it back."""
    with open_session() as session:
        click.echo(exchange.dump(session.journal.examples()), nl=False)
    return 0
