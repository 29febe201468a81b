"""`runbook-ls history`: what was run, and what it taught."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import click

from runbook_ls.cli import shown
from runbook_ls.cli.session import open_session
from runbook_ls.memory.records import Run
from runbook_ls.workbench import explain, history


@click.command()
@click.option("--json", "as_json", is_flag=True, help="An array of objects.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "md"]), default="text", help="md: for a ticket."
)
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(0, 2**31),
    default=50,
    show_default=True,
    help="How many, the newest first.",
)
@click.option("--since", metavar="WHEN", help="Only from then on: an age (90m, 2h, 3d) or a date.")
@click.option("--file", metavar="FILE", help="Only the runs of this runbook.")
def command(as_json: bool, format_: str, limit: int, since: str | None, file: str | None) -> int:
    """Show the runs that the journal holds, the newest first."""
    with open_session() as session:
        runs = history.runs(session, limit=limit, since=since, file=file)
    if as_json or format_ == "json":
        click.echo(json.dumps([_as_json(run) for run in runs], ensure_ascii=False, indent=2))
        return 0
    if format_ == "md":
        click.echo(shown.lines(history.timeline(runs)), nl=False)
        return 0
    for run in runs:
        outcome = explain.outcome(run)
        click.echo(shown.line(f"{run.id}  {_time(run):%Y-%m-%d %H:%M}  {outcome:9}  {run.receipt}"))
        target = f", on {run.target}" if run.target else ""
        click.echo(shown.line(f"    {explain.place(run, shown.path(run.file))}{target}"))
        click.echo(shown.line(f"    {run.intent or '(no intent)'}"))
        click.echo("".join(f"    $ {shown.line(line)}\n" for line in run.executed.split("\n")), nl=False)
    return 0


def _time(run: Run) -> datetime:
    return datetime.fromtimestamp(run.time, timezone.utc).astimezone()


def _as_json(run: Run) -> dict[str, object]:
    return {
        "id": run.id,
        "time": _time(run).isoformat(),
        "file": run.file,
        "cell": run.cell,
        "intent": run.intent,
        "suggestion": run.suggestion,
        "executed": run.executed,
        "exit_code": run.exit_code,
        "duration_ms": run.duration_ms,
        "receipt": run.receipt,
    }
