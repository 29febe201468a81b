"""`runbook.runCell`, `runAbove`, `runAll` and `cancel`. One queue per runbook: while it runs, no second one starts.

All consents are settled before the first cell runs; a refusal runs nothing. It stops at the first cell that fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import consent, document_output, learning, target
from runbook_ls.lsp.features import inputs as ask_inputs
from runbook_ls.lsp.features.cell_output import CellOutput
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.progress import progress
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.memory.records import new_id
from runbook_ls.values import RunbookError
from runbook_ls.workbench import choose, explain, inputs, run, variables
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.plan import Plan, plan_run
from runbook_ls.workbench.run import Performed
from runbook_ls.workbench.session import OpenDocument, Result, Running, Session

logger = logging.getLogger(__name__)

Answer = dict[str, object]
_NOT_CONFIRMED = "not run: you did not confirm it"
_BESIDE = "it goes on in the background until it ends or is cancelled"
_NO_VALUE = "not run: a value that it needs was not given"


def register(server: RunbookServer) -> None:
    @server.command("runbook.runCell")
    async def run_cell(*arguments: Argument) -> Answer:
        document, cell = target.find(server, arguments)
        return (await run_cells(server, document, [cell], target.variables(arguments)))[0]

    @server.command("runbook.runAbove")
    async def run_above(*arguments: Argument) -> Answer:
        document, cell = target.find(server, arguments)
        cells = _every(server, document, cell)
        if not cells:
            raise RunbookError(f"There is no cell to run above cell {cell.name} of {document.file}.")
        return _summary(await run_cells(server, document, cells, target.variables(arguments)))

    @server.command("runbook.runAll")
    async def run_all(*arguments: Argument) -> Answer:
        document, _, _ = target.place(server, arguments)
        cells = _every(server, document)
        if not cells:
            raise RunbookError(f"There is no cell to run in {document.file}.")
        return _summary(await run_cells(server, document, cells, target.variables(arguments)))

    @server.command("runbook.cancel")
    def cancel(*arguments: Argument) -> Answer:
        given = target.given_object(arguments) or {}
        ended = _meant(server.session, given.get("uri"), given.get("line"))
        for running in ended:
            running.cancel.set()
        return {"cancelled": [running.name for running in ended]}


def _meant(session: Session, uri: object, line: object) -> list[Running]:
    """What to cancel: the background cell at the 0-based line, if the line is in one; else what runs; else, if
    nothing does, what goes on in the background. Of the runbook, or of all where none is named."""
    beside = [one for of, some in session.beside.items() if uri in (None, of) for one in some]
    document = session.documents.get(str(uri))
    cell = document.runbook.cell_at(line) if document and isinstance(line, int) else None
    at_line = [one for one in beside if cell is not None and one.line == cell.start_line]
    return at_line or [one for of, one in session.running.items() if uri in (None, of)] or beside


def _every(server: RunbookServer, document: OpenDocument, above: Cell | None = None) -> tuple[Cell, ...]:
    """The cells that *Run all* means, of those above a cell if one is given; what is passed over is said."""
    chosen = choose.every(server.session_of(document.uri), document.runbook, document.file, above=above)
    for sentence in chosen.skipped:
        server.say(sentence, types.MessageType.Warning)
    return chosen.cells


def _summary(answers: Sequence[Answer]) -> Answer:
    """What a command that runs several cells answers: the last exit code, and each cell's own answer."""
    return {"exitCode": answers[-1]["exitCode"], "receipt": answers[-1]["receipt"], "cells": list(answers)}


@dataclass(slots=True)
class _Job:
    """What one run of cells works with. `part` is the part of a cell that is to run in its stead, if any."""

    session: Session
    uri: str
    running: Running
    given: Mapping[str, str]
    part: Cell | None


async def run_cells(
    server: RunbookServer,
    document: OpenDocument,
    cells: Sequence[Cell],
    given: Mapping[str, str],
    part: Cell | None = None,
) -> list[Answer]:
    """Run the cells in order, as far as they succeed; one answer for each that was begun.

    Cancelling this cancels the run, which is then followed to its end. Raises RunbookError if the runbook is busy.
    """
    session = server.session_of(document.uri)
    busy = session.running.get(document.uri)
    if busy is not None:
        raise RunbookError(f"Cell {busy.name} of this runbook is still running: wait for it, or cancel it.")
    for beside in session.beside.get(document.uri, ()):
        if beside.line in (cell.start_line for cell in cells):
            raise RunbookError(f"Cell {beside.name} goes on in the background: cancel it first.")
    waiting = tuple(cell.start_line for cell in cells)
    running = session.running[document.uri] = Running(cells[0].name, cells[0].start_line, waiting)
    job = _Job(session, document.uri, running, given, part)
    work = server.start(_run(server, document, job))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        running.cancel.set()
        raise


async def _run(server: RunbookServer, document: OpenDocument, job: _Job) -> list[Answer]:
    try:
        inputs.give(job.session, document.file, job.given, "vars")
        if not await _ask_inputs(server, job):
            return [{"exitCode": None, "receipt": _NO_VALUE}]
        settled = await _settle(server, job)
        if settled is None:
            return [{"exitCode": None, "receipt": _NOT_CONFIRMED}]
        server.refresh()
        async with progress(
            server, f"Running {document.runbook.title or 'cell'}", job.running.cancel.set
        ) as report:
            answers: list[Answer] = []
            for plan, consented in settled:
                report(plan.cell.name)
                answers.append(await _run_next(server, job, plan, consented))
                if answers[-1]["exitCode"] != 0 or job.running.cancel.is_set():
                    break
            return answers
    except asyncio.CancelledError:
        job.running.cancel.set()
        raise
    finally:
        del job.session.running[job.uri]
        server.refresh()


async def _ask_inputs(server: RunbookServer, job: _Job) -> bool:
    """Ask for what the cells want before the first one runs; False if the user gave a value up."""
    for index in range(len(job.running.waiting)):
        document = server.document(job.uri)
        cell = job.part or _cell_at(document, job.running.waiting[index])
        if not await ask_inputs.ask(server, job.session, document, cell, job.running.cancel):
            return False
    return True


async def _settle(server: RunbookServer, job: _Job) -> list[tuple[Plan, str]] | None:
    """The plans of all cells, each with how consent to it was given; None if it was not given to one of them."""
    settled: list[tuple[Plan, str]] = []
    for index in range(len(job.running.waiting)):
        plan = await _plan(server, job, job.running.waiting[index])
        consented = await consent.settle(server, job.session, plan, job.running.cancel)
        if consented is None:
            return None
        if plan.decision.action == "confirm":
            again = await _plan(server, job, job.running.waiting[index])
            if again.ask.digest != plan.ask.digest:
                raise RunbookError("Not run: the cell changed while it was being confirmed.")
        settled.append((plan, consented))
    return settled


async def _plan(server: RunbookServer, job: _Job, line: int) -> Plan:
    document = server.document(job.uri)
    cell = job.part or _cell_at(document, line)
    plan = await server.off_loop(server.ledger, plan_run, job.session, document.file, document.runbook, cell)
    return replace(plan, ask=replace(plan.ask, variables={**plan.ask.variables, **job.given}))


def _cell_at(document: OpenDocument, line: int) -> Cell:
    """The cell that begins at the line, to which edits moved it. RunbookError if they took it away."""
    cell = document.runbook.cell_at(line)
    if cell is None or cell.start_line != line:
        raise RunbookError(f"Not run: a cell that was to run is no longer in {document.file}.")
    return cell


async def _run_next(server: RunbookServer, job: _Job, settled: Plan, consented: str) -> Answer:
    """Run the first cell that waits, in the state that the one before it left. Where that, or an edit, changes what
    would run, consent is asked for anew."""
    running = job.running
    running.line, running.waiting = running.waiting[0], running.waiting[1:]
    running.name = settled.cell.name
    plan = await _plan(server, job, running.line)
    if (plan.ask.digest, plan.decision.action) != (settled.ask.digest, settled.decision.action):
        anew = await consent.settle(server, job.session, plan, running.cancel)
        if anew is None:
            return {"exitCode": None, "receipt": _NOT_CONFIRMED}
        consented = anew
    if not plan.background:
        return await _perform(server, job, plan, consented, running)
    beside = Running(plan.cell.name, running.line)
    job.session.beside.setdefault(job.uri, []).append(beside)
    server.start(server.reporting(_perform_beside(server, job, plan, consented, beside)))
    return {"name": plan.cell.name, "exitCode": 0, "receipt": _BESIDE}


async def _perform_beside(
    server: RunbookServer, job: _Job, plan: Plan, consented: str, beside: Running
) -> None:
    try:
        await _perform(server, job, plan, consented, beside)
    finally:
        job.session.beside[job.uri].remove(beside)
        server.refresh()


async def _perform(server: RunbookServer, job: _Job, plan: Plan, consented: str, running: Running) -> Answer:
    """Run one cell to its end, showing what it prints as it comes."""
    server.refresh()
    run_id = new_id()
    output = CellOutput(server, job.session, job.uri, plan.cell, run_id)
    output.started()
    above = await server.off_loop(server.background, variables.digest, plan.runbook, plan.cell)
    try:
        done = await server.on_thread(
            run.perform,
            job.session,
            plan,
            consented=consented,
            on_output=output.output,
            cancel=running.cancel,
            run_id=run_id,
        )
    except RunbookError as error:
        output.finished(None, 0, "not started", f"not run: {error}")
        raise
    except BaseException:
        output.finished(None, 0, "not started", "not run")
        raise
    row = done.run
    output.finished(row.exit_code, row.duration_ms, explain.outcome(row), row.receipt)
    _keep(job, running.line, plan, done, above)
    if job.part is None:
        await document_output.write(server, job.session, job.uri, running.line, done)
        server.start(learning.offer_to_share(server, job.session, done.run))
    return _answer(server, plan.cell, done)


def _keep(job: _Job, line: int, plan: Plan, done: Performed, above: str) -> None:
    if job.uri in job.session.documents:
        result = Result(line, plan.cell.body, done.execution, done.run, above)
        opening.remember(job.session, job.uri, result)


def _answer(server: RunbookServer, cell: Cell, done: Performed) -> Answer:
    kind = types.MessageType.Info if done.run.exit_code == 0 else types.MessageType.Warning
    for note in done.notes:
        server.say(f"{cell.name}: {note}", types.MessageType.Warning)
    ended = f"{explain.outcome(done.run)} in {done.execution.duration_ms} ms"
    server.say(f"{cell.name}: {ended}; {done.run.receipt}", kind)
    return {
        "executionId": done.run.id,
        "name": cell.name,
        "exitCode": done.run.exit_code,
        "durationMs": done.execution.duration_ms,
        "receipt": done.run.receipt,
    }
