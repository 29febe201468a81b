"""`runbook-ls run`: run cells of a runbook on the command line."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from runbook_ls.cli.session import open_session, warn
from runbook_ls.document import parse
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute.interpreters import is_known
from runbook_ls.lint.files import read_runbook
from runbook_ls.shell.risk import Risk
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain, run
from runbook_ls.workbench.cells import can_run
from runbook_ls.workbench.run import Performed, Plan
from runbook_ls.workbench.session import Session


class _Command(click.Command):
    """click has no option whose value is optional and only given with `=`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--yes-changing" if a == "--yes=changing" else a for a in args])


@click.command(cls=_Command)
@click.argument("file")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "run_all", is_flag=True, help="Every runnable cell, in order.")
@click.option("--yes", is_flag=True, help="Confirm everything; --yes=changing still refuses what destroys.")
@click.option("--yes-changing", is_flag=True, hidden=True)
@click.option("--dry-run", is_flag=True, help="Say what would run, and run nothing.")
@click.option("--keep-going", is_flag=True, help="Go on after a cell that fails.")
@click.option(
    "--json", "as_json", is_flag=True, help="One object a cell, a line each, instead of the output."
)
def command(
    file: str,
    names: tuple[str, ...],
    run_all: bool,
    yes: bool,
    yes_changing: bool,
    dry_run: bool,
    keep_going: bool,
    as_json: bool,
) -> int:
    """Run the cells NAME... of FILE, or all of them.

    All consents are settled before the first cell runs. Exit code 1 when a cell fails, 2 when one is refused.
    """
    if bool(names) == run_all:
        raise click.UsageError("Name the cells to run, or --all; `runbook-ls ls FILE` lists them.")
    runbook = parse(read_runbook(file))
    path = str(Path(file).absolute())
    with open_session(Path(file)) as session:
        plans = [run.plan(session, path, runbook, cell) for cell in _chosen(file, runbook, names)]
        if dry_run:
            for plan in plans:
                click.echo(
                    f"{plan.cell.name}: {plan.decision.action} ({plan.decision.why})\n{plan.ask.text()}\n"
                )
            return 0
        consent = partial(_consent, yes=yes, yes_changing=yes_changing)
        consented = [(plan, consent(plan)) for plan in plans]
        return _perform(session, consented, consent, keep_going=keep_going, as_json=as_json)


def _chosen(file: str, runbook: Runbook, names: tuple[str, ...]) -> list[Cell]:
    """The cells that were named, as they were named; else all that can run, with a warning for those that cannot."""
    if names:
        by_name = {cell.name: cell for cell in runbook.cells}
        for name in names:
            if name not in by_name:
                raise RunbookError(
                    f"{file}: there is no cell named {name}; `runbook-ls ls {file}` lists them."
                )
        return [by_name[name] for name in names]
    cells: list[Cell] = []
    for cell in runbook.cells:
        if not can_run(cell):
            continue
        if is_known(cell.language) or cell.attributes.get("interpreter") or cell.body.startswith("#!"):
            cells.append(cell)
        else:
            warn(f"{file}: skipped cell {cell.name} (line {cell.start_line + 1}): "
                 f"no interpreter for language {cell.language or '(none)'}")  # fmt: skip
    return cells


def _consent(plan: Plan, *, yes: bool, yes_changing: bool) -> str:
    """How consent to this plan was given. Raises RunbookError if it was not: nothing runs then."""
    decision = plan.decision
    if decision.action == "run":
        return "act"
    where = f"cell {plan.cell.name} (line {plan.cell.start_line + 1})"
    if decision.action == "refuse":
        raise RunbookError(f"{where}: {decision.why}.")
    if yes or (yes_changing and decision.risk is not Risk.DESTRUCTIVE):
        return "--yes"
    if not sys.stdin.isatty() or yes_changing:
        raise RunbookError(
            f"{where} needs your consent ({decision.why}); say --yes to give it. Nothing was run."
        )
    click.echo(plan.ask.text(), err=True)
    if not click.confirm(f"Run {where}?", err=True):
        raise RunbookError(f"{where} was refused. Nothing was run.")
    return "confirmed"


def _perform(
    session: Session,
    plans: list[tuple[Plan, str]],
    consent: Callable[[Plan], str],
    *,
    keep_going: bool,
    as_json: bool,
) -> int:
    """Run the plans in order, each in the state that the one before it left. Where that state changes what would
    run (another directory, a function of the same name), consent is asked for anew."""
    failed = False
    cancel = threading.Event()
    for settled, given in plans:
        plan = run.plan(session, settled.file, settled.runbook, settled.cell)
        same = (plan.ask.digest, plan.decision.action) == (settled.ask.digest, settled.decision.action)
        consented = given if same else consent(plan)
        try:
            done = run.perform(
                session, plan, consented=consented, on_output=_discard if as_json else _print, cancel=cancel
            )
        except KeyboardInterrupt:
            cancel.set()
            raise
        _tell(plan, done, as_json=as_json)
        failed = failed or done.run.exit_code != 0
        if failed and not keep_going:
            break
    return int(failed)


def _tell(plan: Plan, done: Performed, *, as_json: bool) -> None:
    for note in done.notes:
        warn(f"{plan.cell.name}: {note}")
    if as_json:
        click.echo(json.dumps(_as_json(plan, done), ensure_ascii=False))
    else:
        warn(
            f"{plan.cell.name}: {explain.outcome(done.run)} in {done.execution.duration_ms} ms; {done.run.receipt}"
        )


def _print(stream: str, text: str) -> None:
    click.echo(text, nl=False, err=stream == "stderr")


def _discard(stream: str, text: str) -> None:
    pass


def _as_json(plan: Plan, done: Performed) -> dict[str, object]:
    execution = done.execution
    return {
        "name": plan.cell.name,
        "exit_code": done.run.exit_code,
        "duration_ms": execution.duration_ms,
        "stdout": execution.stdout,
        "stderr": execution.stderr,
        "truncated": execution.truncated,
        "receipt": done.run.receipt,
        "output_file": done.run.output_file,
    }
