"""*Fix command*: a new suggestion for a cell whose last run failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runbook_ls.document.runbook import Cell
from runbook_ls.memory.examples import Example
from runbook_ls.memory.records import Run
from runbook_ls.suggest import repair
from runbook_ls.suggest.endpoint import Cancellation, ModelError
from runbook_ls.suggest.policy import wants_model
from runbook_ls.suggest.prompt import Failure
from runbook_ls.suggest.repair import Correction
from runbook_ls.values import RunbookError
from runbook_ls.workbench import model, results, suggest
from runbook_ls.workbench.outputs import tail
from runbook_ls.workbench.session import OpenDocument, Session
from runbook_ls.workbench.suggest import Answer

_LOOKED_AT = 2_000  # runs
_WITH_OUTPUT = 20  # past failures whose output is read
_ERROR_CHARACTERS = 1_500


def can_repair(session: Session, document: OpenDocument, cell: Cell) -> bool:
    """True if the last run of the cell in this session failed, and the cell was not changed since."""
    return _failed_here(session, document, cell) is not None


def suggest_repair(
    session: Session,
    document: OpenDocument,
    cell: Cell,
    cancel: Cancellation,
    on_model: Callable[[], None] = lambda: None,
) -> Answer:
    """Another command for the cell: by what corrected the same failure before, else by the model, which is told the
    intent, the command, the exit code and the end of what it printed.

    Raises RunbookError if its last run did not fail, TakenBackError once `cancel` is set.
    """
    failure = _failure(session, document, cell)
    past = _corrections(session)
    found = repair.repair(failure, past)
    learned: Answer | None = None
    if found is not None:
        examples = tuple(c.example for c in past if c.example.id in found.examples)[:1]
        learned = suggest.guarded(
            found, examples, _told(cell, failure), document=document.runbook.text, workspace=session.workspace
        )
    mode = model.mode(session, document.runbook)
    if not wants_model(mode, learned.suggestion if learned else None):
        return learned or Answer(None, reason=_NOTHING)
    on_model()
    question = suggest.conversation(session, document.uri, document.file, document.runbook, cell)
    candidates = session.memory.recall(cell.intent, workspace=session.workspace).candidates
    try:
        told = model.ask(session, replace(question, failure=failure), candidates, cancel)
    except ModelError as error:
        problem = suggest.trouble(error)
        if learned is None or learned.suggestion is None:
            return Answer(None, reason=f"{_NOTHING} {error}", problems=(problem,))
        kept = replace(learned.suggestion, problems=(*learned.suggestion.problems, problem))
        return replace(learned, suggestion=kept, problems=kept.problems)
    if told.suggestion is None:
        return learned or Answer(None, reason=told.reason)
    if told.suggestion.text.strip() == cell.script.strip():
        return learned or Answer(None, reason="No suggestion: the model would run the same command again.")
    return suggest.guarded(
        told.suggestion,
        told.examples,
        _told(cell, failure),
        document=document.runbook.text,
        workspace=session.workspace,
    )


_NOTHING = "No suggestion: nothing corrected this failure before."


def _told(cell: Cell, failure: Failure) -> str:
    """What the user wrote or saw: its values are known."""
    return f"{cell.intent}\n{failure.error}"


def _failed_here(session: Session, document: OpenDocument, cell: Cell) -> Run | None:
    here = results.in_window(session, document.uri, cell)
    return here.run if here is not None and here.run.exit_code and here.body == cell.body else None


def _failure(session: Session, document: OpenDocument, cell: Cell) -> Failure:
    run = _failed_here(session, document, cell) or results.in_journal(session, document, cell)
    if run is None or not run.exit_code:
        raise RunbookError(
            f"Cell {cell.name} (line {cell.start_line + 1}) did not fail as it stands: run it first."
        )
    # As it was kept: without the values of secret inputs.
    return Failure(cell.script, run.exit_code, tail(run)[-_ERROR_CHARACTERS:])


def _corrections(session: Session) -> list[Correction]:
    """Failed runs whose next attempt succeeded, newest first."""
    runs = {run.id: run for run in session.journal.runs(_LOOKED_AT)}
    found: list[Correction] = []
    for run in runs.values():
        if run.exit_code != 0:
            continue
        failed = _failed_before(run, runs)
        if failed is not None and failed.exit_code and failed.executed != run.executed:
            error = tail(failed)[-_ERROR_CHARACTERS:] if len(found) < _WITH_OUTPUT else ""
            example = Example(
                run.id, run.intent, run.executed, "corrected", run.workspace, run.file, run.line, run.time
            )
            found.append(Correction(Failure(failed.executed, failed.exit_code, error), run.executed, example))
    return found


def _failed_before(run: Run, runs: dict[str, Run]) -> Run | None:
    return runs.get(run.previous) if run.previous else None
