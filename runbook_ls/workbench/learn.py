"""What becomes of a run: the journal's row, the lesson if it teaches, and the receipt. Also learning from files.

Everything that is written passes `redact` here first: no secret reaches the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from runbook_ls.document import parse
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.feedback import receipt
from runbook_ls.feedback.diff import Diff, diff
from runbook_ls.files import absolute
from runbook_ls.memory.examples import Source, judge
from runbook_ls.memory.records import Lesson, Run, StoredSuggestion, Teaching
from runbook_ls.memory.writing import Writing
from runbook_ls.shell.secrets import redact
from runbook_ls.suggest import guard
from runbook_ls.values import RunbookError, Severity
from runbook_ls.workbench import connect
from runbook_ls.workbench.cells import can_run, is_shell, kept, written
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import workspace_of
from runbook_ls.workbench.team import shares_always

_NO_END_KNOWN = "it still runs, or runbook-ls was killed meanwhile"
_LONGEST_WAIT = 2.0  # seconds: nobody waits longer for other writers before his command starts


def begin(session: Session, run: Run) -> Run:
    """Journal a run that is about to start, so that it is in the history even if this process is killed; the run with
    its previous attempt. Blocks no run: where this cannot be written, the run's end is still recorded."""
    with suppress(RunbookError):
        before = session.journal.last_run(run.file, line=run.line)
        if before is not None and before.intent == run.intent:
            run = replace(run, previous=before.id)
        begun = replace(_redacted(run), ending="unknown", receipt=receipt.not_learned(_NO_END_KNOWN))
        with session.journal.writing(seconds=_LONGEST_WAIT) as writing:
            writing.add_run(begun)
    return run


def record(
    session: Session, run: Run, cell: Cell, runbook: Runbook, origin: tuple[StoredSuggestion, Diff] | None
) -> Run:
    """Journal what became of a run of `cell`, and what it taught, in one transaction; the row as it was written.

    `run` has the facts of the execution. Its suggestion, distance, receipt and teaching are set here. Of one that the
    user had forgotten while it ran, nothing is kept.
    """
    verdict = judge(
        exit_code=run.exit_code,
        intent=run.intent,
        command=run.executed,
        problems=guard.check(run.executed, known=f"{run.intent}\n{runbook.text}") if is_shell(cell) else (),
        is_shell=is_shell(cell),
        paused=not session.settings.learning or session.paused.is_set(),
        cell=_says_learn(cell.attributes.get("learn")),
        front_matter=_says_learn(runbook.front_matter.data.get("learn") if runbook.front_matter else None),
    )
    suggestion = origin[0] if origin else None
    run = _redacted(run)
    # From what is written: the secret that was filled into a suggestion's slot must not stand in the receipt.
    difference = diff(suggestion.text, run.executed) if suggestion else None
    run = replace(
        run,
        suggestion_id=suggestion.id if suggestion else None,
        suggestion=suggestion.text if suggestion else None,
        edits=len(difference.changes) if difference else 0,
        distance=difference.distance if difference else 0.0,
    )
    with session.journal.writing() as writing:
        if writing.is_forgotten(run.id):
            if run.output_file:  # made after the user's word
                Path(run.output_file).unlink(missing_ok=True)
            return replace(run, receipt=receipt.not_learned("you had it forgotten while it ran"))
        if verdict.teaches:
            run = _teach(session, writing, run, suggestion, difference)
        else:
            run = replace(run, receipt=receipt.not_learned(verdict.reason))
        writing.add_run(run)
    return run


def _redacted(run: Run) -> Run:
    return replace(
        run,
        intent=redact(run.intent).text,
        executed=redact(run.executed).text,
        heading_path=tuple(redact(heading).text for heading in run.heading_path),
    )


def overrule(session: Session, run_id: str, *, teach: bool) -> Run:
    """*Learn this run* or *Do not learn this run*: the user's word on a run of the journal. The run as it is then.

    Raises RunbookError if there is no such run, or it has no intent that it could be learned for.
    """
    run = session.journal.run(run_id)
    if run is None:
        raise RunbookError(f"the journal has no run {run_id}; `runbook-ls history` lists them")
    verdict = judge(exit_code=run.exit_code, intent=run.intent, command=run.executed, user=teach)
    if teach and not verdict.teaches:
        raise RunbookError(f"run {run.id} cannot be learned: {verdict.reason}")
    if teach == (run.teaching != "none"):
        return run
    suggestion = session.journal.suggestion(run.suggestion_id) if run.suggestion_id else None
    with session.journal.writing() as writing:
        if teach:
            difference = diff(suggestion.text, run.executed) if suggestion else None
            run = _teach(session, writing, run, suggestion, difference)
        else:
            writing.take_back(run)
            run = replace(run, receipt=receipt.not_learned(verdict.reason), teaching="none")
        writing.judge_again(run)
    return run


def _teach(
    session: Session,
    writing: Writing,
    run: Run,
    suggestion: StoredSuggestion | None,
    difference: Diff | None,
) -> Run:
    lesson = _lesson(run, suggestion, difference)
    kept_here = session.settings.memory_scope == "workspace"
    outcome = writing.teach(replace(lesson, everywhere=not kept_here))
    if shares_always(session):
        writing.share([outcome.example_id])
    teaching: Teaching = "none" if outcome.kind == "forgotten" else outcome.kind
    return replace(run, receipt=receipt.learned(outcome, difference), teaching=teaching)


def _lesson(run: Run, suggestion: StoredSuggestion | None, difference: Diff | None) -> Lesson:
    source: Source = "hand-written"
    if difference is not None:
        source = "corrected" if difference.changes else "confirmed"
    return Lesson(
        intent=run.intent,
        command=run.executed,
        source=source,
        workspace=run.workspace,
        file=run.file,
        line=run.line,
        cell=run.cell,
        run_id=run.id,
        time=run.time,
        derived_from=suggestion.examples if suggestion else (),
    )


def _says_learn(value: object) -> bool | None:
    """What a `learn` attribute or front matter key says; None if nothing that can be understood."""
    return {"true": True, "false": False}.get(str(value).lower())


@dataclass(frozen=True, slots=True)
class Learned:
    """How many pairs were added, and how many that a file no longer has were taken back."""

    added: int
    removed: int = 0


def learn_lessons(session: Session, lessons: Iterable[Lesson]) -> Learned:
    """Teach what the user gives outright, such as the examples that another journal exported."""
    added = 0
    with session.journal.writing() as writing:
        for lesson in lessons:
            writing.teach(
                replace(lesson, intent=redact(lesson.intent).text, command=redact(lesson.command).text)
            )
            added += 1
    return Learned(added)


def learn_runbook(session: Session, file: Path, text: str, *, everywhere: bool = True) -> Learned:
    """Teach the (prose, command) pairs of a runbook as documented examples; those it gave before are replaced.

    `everywhere` is False for what a server reads in the background: it answers only in the session's workspace.
    """
    runbook = parse(text)
    workspace = str(workspace_of(file)) if everywhere else session.workspace
    lessons = [
        Lesson(
            intent=redact(cell.intent).text,
            command=kept(cell),
            source="documented",
            workspace=workspace,
            file=str(absolute(file)),
            line=cell.start_line,
            cell=cell.name,
            everywhere=everywhere,
        )
        for cell in runbook.cells
        if can_run(cell) and is_shell(cell) and cell.intent and _is_sound(cell, text)
    ]
    with session.journal.writing() as writing:
        added, removed = writing.replace_documented(str(absolute(file)), lessons)
    return Learned(added, removed)


def _is_sound(cell: Cell, text: str) -> bool:
    problems = guard.check(written(cell), known=f"{cell.intent}\n{text}")
    return not any(problem.severity is Severity.ERROR for problem in problems)


def embed(session: Session, on_progress: Callable[[int, int], None]) -> Sequence[str]:
    """Make the vectors of all examples that have none, so that the first question need not; notes if it cannot."""
    from runbook_ls.memory.embedder import load_embedder
    from runbook_ls.memory.vectors import embed_missing

    try:
        embed_missing(session.journal, load_embedder(connect.embedder(session.settings)), on_progress)
    except RunbookError as error:
        return (str(error),)
    return ()
