"""Code actions: what can be done with the cell at the cursor, and the fixes of problems."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import cell_commands, lint_actions
from runbook_ls.lsp.features.cell_commands import Offered
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
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
        fixes, besides = lint_actions.actions(server, document, params)
        commands: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.Empty, only):
            commands += [
                _command(document, line, offered, params.range)
                for offered in await _offered(server, document, params.range)
            ]
        return [action for action in (*fixes, *commands, *besides) if _wanted(action.kind, only)]


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


def _wanted(kind: types.CodeActionKind | str | None, only: object) -> bool:
    """Kinds are hierarchical: `quickfix.all` is within `quickfix`, and every kind within the empty one."""
    if not isinstance(only, list | tuple) or not only:
        return True
    have, *words = (
        one.value if isinstance(one, types.CodeActionKind) else str(one or "") for one in (kind, *only)
    )
    return any(not word or have == word or have.startswith(f"{word}.") for word in words)
