"""Running a cell as it was planned: execute it, journal it, learn from it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from runbook_ls.execute import output_file, state
from runbook_ls.execute.execution import Execution, OnOutput, Request
from runbook_ls.execute.state import Change
from runbook_ls.feedback import receipt
from runbook_ls.memory.records import Ending, Run, new_id
from runbook_ls.shell.secrets import redact
from runbook_ls.values import RunbookError
from runbook_ls.workbench import aftermath, learn, surroundings
from runbook_ls.workbench.plan import Plan
from runbook_ls.workbench.session import Session


@dataclass(frozen=True, slots=True)
class Performed:
    """An execution, the row that the journal got, what the user should know besides, and what the cell changed of
    the shell state. Values of `changes` are redacted. `hide` takes secrets, those of inputs too, out of a text before
    it is written anywhere."""

    execution: Execution
    run: Run
    notes: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    hide: Callable[[str], str] = field(default=lambda text: redact(text).text, repr=False, compare=False)


def perform(
    session: Session,
    plan: Plan,
    *,
    consented: str,
    on_output: OnOutput,
    cancel: threading.Event,
    run_id: str = "",
) -> Performed:
    """Execute what was planned, journal it, and learn from it. Blocks until the cell has ended.

    `consented` is how consent was given, for the journal: `act`, `confirmed` or `--yes`. Every run is journalled: the
    failed, the cancelled, one that could not start (RunbookError is raised then), one that an exception ended, from
    `on_output` or a second Ctrl-C (the cell is ended, and it is raised again), and one during which this process is
    killed. The row gets `run_id`, or a new one.
    """
    run_id = run_id or new_id()
    out = aftermath.Outlet(on_output, cancel)
    hide = aftermath.hiding(plan)
    row = learn.begin(session, _row(session, plan, run_id, consented))
    request = Request(
        plan.interpreter,
        plan.inputs.script,
        plan.directory,
        plan.state.environment,
        timeout=plan.timeout,
        output_file=Path(row.output_file) if row.output_file else None,
        redact=hide,
        watched_by=session.watchdog,
        terminal=plan.interactive,
    )
    try:
        step = state.run(plan.state, request, out, cancel)
    except RunbookError:
        _record(session, plan, replace(row, ending="not started", output_file=None))
        raise
    except BaseException:
        elapsed = round((time.time() - row.time) * 1000)
        _record(session, plan, replace(row, ending="cancelled", duration_ms=elapsed))
        raise
    if plan.background:
        step = replace(step, changes=(), notes=())  # it hands nothing on, so there is nothing to say of that
    else:
        session.states[plan.file] = aftermath.state_after(plan, step)
    if step.execution.group is not None:
        session.background.add(step.execution.group)
    run = _record(session, plan, _ended(row, step.execution))
    if out.failed is not None:
        raise out.failed
    changes = tuple(aftermath.redacted(change, plan) for change in step.changes)
    return Performed(step.execution, run, (*step.notes, *aftermath.hints(session, plan, step)), changes, hide)


def _record(session: Session, plan: Plan, row: Run) -> Run:
    """Journal the run. One that cannot be journalled has happened all the same: its receipt says why it is lost."""
    try:
        return learn.record(session, row, plan.cell, plan.runbook, plan.origin)
    except RunbookError as error:
        return replace(row, receipt=receipt.not_learned(str(error)))


def _row(session: Session, plan: Plan, run_id: str, consented: str) -> Run:
    """What is known of a run before it starts."""
    cell = plan.cell
    kept = _output_file(session, run_id)
    return Run(
        id=run_id,
        time=time.time(),
        file=plan.file,
        cell=cell.name,
        line=cell.start_line,
        language=cell.language,
        heading_path=cell.heading_path,
        intent=cell.intent,
        executed=plan.inputs.written,
        workspace=session.workspace,
        git_revision=surroundings.git_revision(plan.directory),
        user=surroundings.user(),
        host=surroundings.host(),
        directory=str(plan.directory),
        target=plan.ask.target,
        consent=consented,
        output_file=str(kept) if kept else None,
    )


_ENDINGS: dict[str | None, Ending] = {None: "", "cancel": "cancelled", "timeout": "timed out"}


def _ended(row: Run, execution: Execution) -> Run:
    return replace(
        row,
        exit_code=execution.exit_code if execution.ended_by is None else None,
        ending=_ENDINGS[execution.ended_by],
        duration_ms=execution.duration_ms,
        output_file=str(execution.output_file) if execution.output_file else None,
    )


_PRUNE_SECONDS = 3600.0  # between two looks at what is kept


def _output_file(session: Session, run_id: str) -> Path | None:
    """Where the complete output goes; None where nothing can be written, which blocks no run. Old files go."""
    folder = session.paths.outputs
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    if not os.access(folder, os.W_OK):
        return None
    if time.monotonic() >= session.prune_at:
        session.prune_at = time.monotonic() + _PRUNE_SECONDS
        settings = session.settings
        output_file.prune(
            folder,
            max_age=settings.run_output_days * 86_400,
            max_bytes=int(settings.run_output_megabytes * 1_000_000),
        )
    return folder / f"{run_id}.txt"
