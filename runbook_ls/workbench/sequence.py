"""Running several cells of one runbook in order: everything is settled first, then each runs in the state that the
one before it left.

A face gives the callbacks; this is the order of things that every face shares.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute.execution import Stream
from runbook_ls.execute.inputs import Input
from runbook_ls.values import RunbookError, TextEdit
from runbook_ls.workbench import check, inputs, run
from runbook_ls.workbench.check import Verdict
from runbook_ls.workbench.plan import Plan, plan_run
from runbook_ls.workbench.run import Performed
from runbook_ls.workbench.session import Session


class Face(Protocol):
    """Who runs the cells: asks for values and consent, and is told what happens. Called from the running thread, and
    from those of background cells."""

    terminal: bool  # an interactive cell can have one

    def ask(self, cell: Cell, wanted: Sequence[Input]) -> dict[str, str]:
        """Values for inputs; what is left out has its default, or refuses the cell."""

    def consent(self, plan: Plan) -> str:
        """How consent was given: `act`, `confirmed`, `--yes`. Raises RunbookError where it was not."""

    def started(self, plan: Plan) -> None:
        """A cell begins."""

    def output(self, plan: Plan, stream: Stream, text: str) -> None:
        """Cleaned text of a running cell."""

    def finished(self, result: Result) -> None:
        """A cell has ended, or could not be run."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A plan, and how consent to it was given."""

    plan: Plan
    consented: str


Status = Literal["passed", "failed", "error", "cancelled", "skipped"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one cell. `error`: it could not be run; `skipped`: it was never begun. `why` says it in one
    clause; `edits` are those of `--update`."""

    file: str
    cell: Cell
    status: Status
    why: str = ""
    done: Performed | None = None
    verdict: Verdict | None = None
    edits: tuple[TextEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class Mode:
    """How a sequence is run. `checks` compares with the expected outputs, `updates` makes them what was printed."""

    keep_going: bool = False
    checks: bool = False
    updates: bool = False


def settle(
    session: Session, file: str, runbook: Runbook, cells: Sequence[Cell], face: Face
) -> tuple[Settled, ...]:
    """Ask for the inputs of all `cells` and for consent to each. Nothing runs.

    Raises RunbookError if one of them cannot run or is refused.
    """
    for cell in cells:
        wanted = inputs.wanted(session, file, runbook, cell)
        if wanted:
            given = face.ask(cell, wanted)
            for one in wanted:
                if one.name in given:
                    inputs.check(one, given[one.name])
                    inputs.give(session, file, {one.name: given[one.name]}, "you", secret=one.secret)
    plans = [plan_run(session, file, runbook, cell, terminal=face.terminal) for cell in cells]
    return tuple(Settled(plan, face.consent(plan)) for plan in plans)


def perform(
    session: Session, settled: Sequence[Settled], face: Face, mode: Mode, cancel: threading.Event
) -> tuple[Result, ...]:
    """Run what was settled, in order, up to the first failure unless the mode says to keep going.

    Where an earlier cell changes what would run (another directory, a function of the same name), consent is asked
    for anew. Background cells go on beside the others and are ended when the last of these has ended; where there
    are no others, they run until `cancel`. Setting that ends the running cell, and no further one begins.
    """
    results: list[Result] = []
    background: list[_Background] = []
    stop = False
    try:
        for one in settled:
            if stop or cancel.is_set():
                results.append(
                    Result(
                        one.plan.file, one.plan.cell, "skipped", "a cell before it failed or was cancelled"
                    )
                )
                continue
            result = _one(session, one, face, mode, cancel, background)
            if result is not None:
                results.append(result)
                face.finished(result)
                stop = result.status != "passed" and not mode.keep_going
        if len(background) == len(settled):
            for cell in background:
                cell.wait(cancel)
    finally:
        for cell in background:
            cell.end()
    for cell in background:
        result = cell.result(mode)
        results.append(result)
        face.finished(result)
    return tuple(results)


def _one(
    session: Session,
    settled: Settled,
    face: Face,
    mode: Mode,
    cancel: threading.Event,
    background: list[_Background],
) -> Result | None:
    """Run one cell; None if it goes on in the background."""
    before = settled.plan
    try:
        plan = plan_run(session, before.file, before.runbook, before.cell, terminal=face.terminal)
        same = (plan.ask.digest, plan.decision.action) == (before.ask.digest, before.decision.action)
        consented = settled.consented if same else face.consent(plan)
        face.started(plan)
        if plan.background:
            background.append(_Background(session, plan, consented, face))
            return None
        done = run.perform(
            session,
            plan,
            consented=consented,
            on_output=lambda stream, text: face.output(plan, stream, text),
            cancel=cancel,
        )
        return _result(plan, done, mode)
    except RunbookError as error:
        return Result(before.file, before.cell, "error", str(error))


def _result(plan: Plan, done: Performed, mode: Mode) -> Result:
    status: Status = "passed" if done.run.exit_code == 0 else "failed"
    why = "" if done.run.exit_code == 0 else f"exit {done.run.exit_code}"
    if done.execution.ended_by == "cancel":
        return Result(plan.file, plan.cell, "cancelled", "it was cancelled", done)
    if done.execution.ended_by == "timeout":
        return Result(plan.file, plan.cell, "failed", f"it took longer than {plan.timeout:g} s", done)
    if mode.updates and status == "passed":
        edits = check.update(plan.runbook, plan.cell, done)
        if edits or not done.execution.truncated:
            return Result(plan.file, plan.cell, "passed", "", done, None, edits)
    if not mode.checks:
        return Result(plan.file, plan.cell, status, why, done)
    verdict = check.judge(plan.runbook, plan.cell, done)
    return Result(plan.file, plan.cell, "passed" if verdict.passed else "failed", verdict.why, done, verdict)


_LOOK_SECONDS = 0.05  # how often a waiting sequence looks whether it is cancelled


@dataclass(slots=True)
class _Background:
    """A cell with `background=true`, in a thread of its own."""

    session: Session
    plan: Plan
    consented: str
    face: Face
    cancel: threading.Event = field(default_factory=threading.Event)
    done: Performed | None = None
    error: Exception | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name=f"runbook-{self.plan.cell.name}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        def on_output(stream: Stream, text: str) -> None:
            self.face.output(self.plan, stream, text)

        try:
            self.done = run.perform(
                self.session, self.plan, consented=self.consented, on_output=on_output, cancel=self.cancel
            )
        except Exception as error:
            self.error = error

    def wait(self, cancel: threading.Event) -> None:
        """Until it has ended, or all is cancelled."""
        while self.thread.is_alive() and not cancel.is_set():
            self.thread.join(_LOOK_SECONDS)

    def end(self) -> None:
        self.cancel.set()
        self.thread.join()

    def result(self, mode: Mode) -> Result:
        """One that ran to the end of the others did what it was for. Raises what its output raised, such as that the
        reader has gone, as any other cell does."""
        if self.error is not None and not isinstance(self.error, RunbookError):
            raise self.error
        if self.done is None:
            return Result(self.plan.file, self.plan.cell, "error", str(self.error))
        if self.done.execution.ended_by == "cancel":
            return Result(self.plan.file, self.plan.cell, "passed", "ended with the run", self.done)
        return _result(self.plan, self.done, mode)
