"""What can be done with a cell, by title and command: the code lenses over it, and the code actions in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import open as opening
from runbook_ls.workbench import results
from runbook_ls.workbench.cells import can_generate, can_run
from runbook_ls.workbench.repair import can_repair
from runbook_ls.workbench.session import OpenDocument


class Offered(NamedTuple):
    """A command as it is offered to the user; it takes `{uri, line}`."""

    title: str
    command: str


CANCEL = Offered("Cancel", "runbook.cancel")
GENERATE = Offered("Generate command", "runbook.generate")
GENERATE_BELOW = Offered("Generate command below", "runbook.generate")
ANOTHER = Offered("Another suggestion", "runbook.generate")
WHY = Offered("Why this suggestion?", "runbook.explain")
FORGET = Offered("Forget this example", "runbook.forget")
REPAIR = Offered("Fix command", "runbook.repair")
RUN = Offered("Run cell", "runbook.runCell")
RUN_ABOVE = Offered("Run all above", "runbook.runAbove")
RUN_ALL = Offered("Run all", "runbook.runAll")
LEARN_RUN = Offered("Learn this run", "runbook.learnRun")
UNLEARN_RUN = Offered("Do not learn this run", "runbook.unlearnRun")
RUN_SELECTION = Offered("Run selection", "runbook.runSelection")
RUN_IN_TERMINAL = Offered("Run in terminal", "runbook.runInTerminal")
SHOW_OUTPUT = Offered("Show output", "runbook.showOutput")
RESET_STATE = Offered("Reset shell state", "runbook.resetState")


def lenses(server: RunbookServer, document: OpenDocument) -> Iterator[tuple[Cell, Offered]]:
    """What stands over the cells: the things one does all the time. The first runnable cell also offers to run all,
    the others to run what is above them."""
    runnable = [cell.start_line for cell in document.runbook.cells if can_run(cell)]
    for cell in document.runbook.cells:
        for offered in _lenses(server, document, cell, runnable):
            yield cell, offered


def _lenses(server: RunbookServer, document: OpenDocument, cell: Cell, runnable: list[int]) -> list[Offered]:
    session = server.session_of(document.uri)
    running = session.running.get(document.uri)
    if results.runs_now(session, document.uri, cell):
        return [CANCEL]
    if running is not None and cell.start_line in running.waiting:
        return [Offered("Waiting: cancel", CANCEL.command)]
    if can_generate(cell):
        return [GENERATE]
    if not can_run(cell) or not session.trust.runs:
        return []
    if len(runnable) == 1:
        return [RUN]
    return [RUN, RUN_ALL if cell.start_line == runnable[0] else RUN_ABOVE]


def actions(server: RunbookServer, document: OpenDocument, cell: Cell, *, grown: bool) -> list[Offered]:
    """What the menu of the cell lists. `grown` says that its command comes from a suggestion or an example."""
    session = server.session_of(document.uri)
    found: list[Offered] = []
    running = session.running.get(document.uri)
    if running is not None or results.runs_now(session, document.uri, cell):
        found.append(CANCEL)
    if can_generate(cell):
        found.append(GENERATE)
    if can_repair(session, document, cell):
        found.append(REPAIR)
    if can_run(cell) and session.trust.runs:
        found.append(RUN)
        others = [other for other in document.runbook.cells if can_run(other) and other is not cell]
        if any(other.start_line < cell.start_line for other in others):
            found.append(RUN_ABOVE)
        if others:
            found.append(RUN_ALL)
        found.append(RUN_IN_TERMINAL)
    if opening.holds_suggestion(session, document.uri, cell):
        found.append(ANOTHER)
    if grown:
        found += [WHY, FORGET]
    result = results.in_window(session, document.uri, cell)
    if result is not None:
        found.append(SHOW_OUTPUT)
        if result.run.intent:
            found.append(LEARN_RUN if result.run.teaching == "none" else UNLEARN_RUN)
    if document.file in session.states and running is None:
        found.append(RESET_STATE)
    return found
