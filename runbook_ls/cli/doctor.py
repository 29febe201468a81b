"""`runbook-ls doctor`: what works here and what does not."""

from __future__ import annotations

import click

from runbook_ls.cli import shown
from runbook_ls.cli.session import open_session
from runbook_ls.workbench.doctor import examine

_MARKS = {True: "ok", False: "!!", None: "  "}


@click.command()
def command() -> int:
    """Say what works here and what does not, and why nothing was learned.

    Exit code 1 when something does not work.
    """
    failed = False
    with open_session() as session:
        for symptom in examine(session):
            click.echo(shown.line(f"{_MARKS[symptom.works]} {symptom.what:16} {symptom.finding}"))
            failed = failed or symptom.works is False
    return int(failed)
