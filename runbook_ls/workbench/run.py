"""Running a cell: plan it, let consent decide, execute it, learn from it.

A face plans, asks the user where the plan's decision says so, plans again, and performs only if the digest of what
was confirmed is still the same: what was shown is what runs.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from runbook_ls.config.trust import Trust
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute import consent, interpreters, state
from runbook_ls.execute.consent import Ask, Decision, Surroundings
from runbook_ls.execute.interpreters import Interpreter
from runbook_ls.execute.processes import Execution, OnOutput, Request
from runbook_ls.execute.state import State
from runbook_ls.feedback import receipt
from runbook_ls.feedback.diff import Diff
from runbook_ls.feedback.origin import origin
from runbook_ls.memory.records import Run, StoredSuggestion, new_id
from runbook_ls.shell.secrets import redact
from runbook_ls.values import RunbookError
from runbook_ls.workbench import learn, surroundings
from runbook_ls.workbench.session import Session


@dataclass(frozen=True, slots=True)
class Plan:
    """A cell as it would run now. `ask` is what a confirmation shows and binds."""

    file: str
    runbook: Runbook
    cell: Cell
    interpreter: Interpreter
    directory: Path
    state: State
    decision: Decision
    ask: Ask
    origin: tuple[StoredSuggestion, Diff] | None


def plan(session: Session, file: str, runbook: Runbook, cell: Cell) -> Plan:
    """What running `cell` of `file` (an absolute path) would mean.

    Raises RunbookError if it cannot run: not runnable, empty, no interpreter, or not parseable.
    """
    where = f"cell {cell.name or '(unnamed)'} (line {cell.start_line + 1})"
    if not cell.runnable:
        raise RunbookError(
            f"{where} of {file} is not runnable: its language is {cell.language or 'not said'}."
        )
    if not cell.script.strip():
        raise RunbookError(f"{where} of {file} has no command: write one, or generate it.")
    settings = runbook.front_matter.data if runbook.front_matter else {}
    shell = settings.get("shell")
    interpreter = interpreters.resolve(
        cell.language,
        shell=shell if isinstance(shell, str) else None,
        interpreter=cell.attributes.get("interpreter"),
        body=cell.script,
        where=where,
    )
    before = session.states.get(file) or state.initial(os.environ)
    consent.check_syntax(cell.script, interpreter, before.environment, where)
    directory = _directory(file, before.directory, settings.get("cwd"), cell.attributes.get("cwd"))
    source, known = _origin(session, file, cell)
    assessment = consent.assess_cell(cell.script, interpreter)
    workspace = Path(session.workspace) if session.workspace else None
    decision = consent.decide(
        assessment,
        unedited_suggestion=not known or (source is not None and not source[1].changes),
        strict=session.settings.consent == "strict",
        trusted={Trust.TRUSTED: True, Trust.UNKNOWN: None, Trust.UNTRUSTED: False}[session.trust],
        doubts=consent.doubts(
            assessment,
            Surroundings(
                before.environment, directory, workspace, os.environ.get("PATH"), names=before.names
            ),
        ),
    )
    ask = Ask(cell.script, interpreter, directory, decision.why, decision.lines, target=surroundings.target())
    return Plan(file, runbook, cell, interpreter, directory, before, decision, ask, source)


def _origin(session: Session, file: str, cell: Cell) -> tuple[tuple[StoredSuggestion, Diff] | None, bool]:
    """The suggestion that the cell grew from, if any; and whether that is known. A journal that cannot be read
    blocks no run, but then the cell may be an unedited suggestion and is treated as one."""
    try:
        return origin(cell.script, cell.intent, session.journal.suggestions_for(file)), True
    except RunbookError:
        return None, False


@dataclass(frozen=True, slots=True)
class Performed:
    """An execution, the row that the journal got, and what the user should know besides."""

    execution: Execution
    run: Run
    notes: tuple[str, ...]


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

    `consented` is how consent was given, for the journal: `act`, `confirmed` or `--yes`. The row gets `run_id`, or
    a new one.
    """
    run_id = run_id or new_id()
    begun = time.time()
    seconds = session.settings.run_timeout
    step = state.run(
        plan.state,
        Request(
            plan.interpreter,
            plan.cell.script,
            plan.directory,
            plan.state.environment,
            timeout=seconds or None,
            output_file=_output_file(session, run_id),
            redact=_redacted,
            watched_by=session.watchdog,
        ),
        on_output,
        cancel,
    )
    session.states[plan.file] = step.state
    if step.execution.group is not None:
        session.background.add(step.execution.group)
    run = _record(session, plan, step.execution, run_id, begun, consented)
    return Performed(step.execution, run, step.notes)


def _record(
    session: Session, plan: Plan, execution: Execution, run_id: str, begun: float, consented: str
) -> Run:
    """Journal the run. One that cannot be journalled has happened all the same: its receipt says why it is lost."""
    row = _row(session, plan, execution, run_id, begun, consented)
    try:
        return learn.record(session, row, plan.cell, plan.runbook, plan.origin)
    except RunbookError as error:
        return replace(row, receipt=receipt.not_learned(str(error)))


def _row(
    session: Session, plan: Plan, execution: Execution, run_id: str, begun: float, consented: str
) -> Run:
    cell = plan.cell
    return Run(
        id=run_id,
        time=begun,
        file=plan.file,
        cell=cell.name,
        line=cell.start_line,
        language=cell.language,
        heading_path=cell.heading_path,
        intent=cell.intent,
        executed=cell.script,
        exit_code=None if execution.ended_by else execution.exit_code,
        duration_ms=execution.duration_ms,
        workspace=session.workspace,
        git_revision=surroundings.git_revision(plan.directory),
        user=surroundings.user(),
        host=surroundings.host(),
        directory=str(plan.directory),
        target=plan.ask.target,
        consent=consented,
        output_file=str(execution.output_file) if execution.output_file else None,
    )


def _directory(file: str, left: Path | None, front_matter: object, attribute: str | None) -> Path:
    """Where a cell runs: where the cell before it `left` off. The first cell, and one with a `cwd`, starts from the
    runbook's folder, joined with front matter `cwd` and then the cell's. Whether it exists is seen when it runs:
    an earlier cell may make it."""
    if left is not None and attribute is None:
        return left
    directory = Path(file).parent
    for part in (front_matter, attribute):
        if isinstance(part, str) and part:
            directory = directory / Path(part).expanduser()
    return Path(os.path.normpath(directory))


def _output_file(session: Session, run_id: str) -> Path | None:
    """Where the complete output goes; None where nothing can be written, which blocks no run."""
    folder = session.paths.outputs
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder / f"{run_id}.txt" if os.access(folder, os.W_OK) else None


def _redacted(line: str) -> str:
    return redact(line).text
