"""Code actions: what can be done with the cell at the cursor, and the fixes of problems."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import cell_commands, diagnostics
from runbook_ls.lsp.features.cell_commands import Offered
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Problem, RunbookError
from runbook_ls.workbench import why
from runbook_ls.workbench.cells import can_generate, can_run
from runbook_ls.workbench.connect import warm_up
from runbook_ls.workbench.session import OpenDocument, Session


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.document(params.text_document.uri)
        line = params.range.start.line
        server.last_position = (document.uri, line)
        only = params.context.only
        actions: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.QuickFix, only):
            actions += _fixes(server, document, params.range)
        if _wanted(types.CodeActionKind.Empty, only):
            actions += [
                _command(document, line, offered, params.range)
                for offered in await _offered(server, document, params.range)
            ]
        return actions


async def _offered(server: RunbookServer, document: OpenDocument, asked: types.Range) -> list[Offered]:
    line = asked.start.line
    cell = document.runbook.cell_at(line)
    if cell is None:
        return [cell_commands.GENERATE_BELOW] if _may_introduce(document, line) else []
    session = server.session_of(document.uri)
    if can_generate(cell) and "warm memory" not in server.offered:
        server.offered.add("warm memory")
        server.start(server.reporting(server.off_loop(server.background, warm_up, session)))
    grown = await server.off_loop(server.ledger, _has_grown, session, document, cell)
    found = cell_commands.actions(server, document, cell, grown=grown)
    if asked.start != asked.end and can_run(cell) and session.trust.runs:
        found.insert(0, cell_commands.RUN_SELECTION)
    return found


def _may_introduce(document: OpenDocument, line: int) -> bool:
    """Whether a line outside of cells holds text that may say what a command should do."""
    return document.runbook.first_line <= line < len(document.lines) and any(
        character.isalnum() for character in document.lines[line]
    )


def _has_grown(session: Session, document: OpenDocument, cell: Cell) -> bool:
    """Whether the cell's command comes from a suggestion or taught an example. Where nothing was ever learned, no
    journal is made for the question."""
    if cell.is_empty or not session.paths.journal.exists():
        return False
    try:
        return bool(why.example_of(session, document, cell))
    except RunbookError:
        return False


def _command(document: OpenDocument, line: int, offered: Offered, selected: types.Range) -> types.CodeAction:
    argument: dict[str, object] = {"uri": document.uri, "line": line}
    if offered is cell_commands.RUN_SELECTION:
        start, end = selected.start, selected.end
        argument["range"] = {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        }
    return types.CodeAction(
        offered.title,
        kind=types.CodeActionKind.Empty,
        command=types.Command(offered.title, offered.command, arguments=[argument]),
    )


def _fixes(server: RunbookServer, document: OpenDocument, asked: types.Range) -> list[types.CodeAction]:
    columns = server.columns(document)
    span = columns.span(asked)
    return [
        types.CodeAction(
            problem.fix.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[columns.to_diagnostic(problem)],
            edit=server.workspace_edit(document, problem.fix.edits),
        )
        for problem in diagnostics.problems_of(server, document)
        if problem.fix is not None and _touches(problem, span.start.line, span.end.line)
    ]


def _touches(problem: Problem, first: int, last: int) -> bool:
    return problem.span is not None and problem.span.start.line <= last and first <= problem.span.end.line


def _wanted(kind: types.CodeActionKind, only: object) -> bool:
    """Kinds are hierarchical: `quickfix.all` is within `quickfix`, and every kind within the empty one."""
    if not isinstance(only, list | tuple) or not only:
        return True
    words = [one.value if isinstance(one, types.CodeActionKind) else str(one) for one in only]
    return any(not word or kind.value == word or kind.value.startswith(f"{word}.") for word in words)
