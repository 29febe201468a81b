"""`runbook-ls share`: send the team's server what a run taught."""

from __future__ import annotations

import click

from runbook_ls.cli.session import open_session, warn
from runbook_ls.values import RunbookError
from runbook_ls.workbench import team


@click.command()
@click.argument("run_id", metavar="ID")
def command(run_id: str) -> int:
    """Share what the run ID taught with the team whose server the setting memory.server names."""
    with open_session() as session:
        run = session.journal.run(run_id)
        if run is None:
            raise RunbookError(f"the journal has no run {run_id}; `runbook-ls history` lists them")
        number = team.share(session, run)
        sent = team.wait_until_sent(session)
    if not number:
        warn("there is nothing to share: the run taught nothing, or the team has it already")
    elif sent:
        warn(f"shared with {session.settings.memory_server}")
    else:
        warn(f"{session.settings.memory_server} is away; it is sent when it can be reached")
    return 0
