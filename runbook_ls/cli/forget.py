"""`runbook-ls forget`: remove a run or an example, its text included."""

from __future__ import annotations

import click

from runbook_ls.cli.session import open_session, warn


@click.command()
@click.argument("some_id", metavar="ID")
def command(some_id: str) -> int:
    """Forget the run or example ID: the text itself is removed from the journal, for good."""
    with open_session() as session:
        gone = session.journal.forget(some_id)
    runs, examples = gone.runs, gone.examples
    warn(f"forgot {runs} run{'' if runs == 1 else 's'} and {examples} example{'' if examples == 1 else 's'}")
    if gone.pending:
        warn("another process still holds the last bytes of it; they go when it ends")
    return 0
