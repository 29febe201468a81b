"""`runbook.generate`: fill the empty cell with a suggestion, or say plainly why there is none."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from runbook_ls.document.edits import replace_body
from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.asking import ask
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.suggest.endpoint import Cancellation
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain, suggest
from runbook_ls.workbench.cells import can_generate
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.command("runbook.generate")
    async def generate(*arguments: Argument) -> dict[str, object]:
        document, cell = target.find(server, arguments)
        if not can_generate(cell):
            raise RunbookError(
                f"Line {cell.start_line + 1} is no empty shell cell: only such a cell is filled."
            )
        answer = await ask(server, document.uri, lambda *how: _generate(server, document, cell, *how))
        for note in answer.notes:
            server.say_once(note)
        if answer.suggestion is None:
            server.say(answer.reason)
            return {"suggestion": None, "reason": answer.reason}
        now = server.document(document.uri)
        if now is not document:
            cell = _same_cell(now, cell)
        await put(server, now, cell, answer.suggestion, "Generate command")
        warning = explain.warnings(answer)
        if warning:
            server.say(warning, types.MessageType.Warning)
        return {"suggestion": answer.suggestion.text, "reason": ""}


async def put(
    server: RunbookServer, document: OpenDocument, cell: Cell, suggestion: Suggestion, label: str
) -> None:
    """Make `suggestion` the body of the cell, and remember that it was offered. RunbookError if the editor does not
    take it."""
    suggest.offer(server.session, document.uri, cell.intent, suggestion)
    applied = await server.workspace_apply_edit_async(_fill(server, document, cell, suggestion.text, label))
    if not applied.applied:
        raise RunbookError(
            "The editor did not take the suggestion: the runbook changed meanwhile. Ask again."
        )


def _generate(
    server: RunbookServer,
    document: OpenDocument,
    cell: Cell,
    cancel: Cancellation,
    on_model: Callable[[], None],
) -> suggest.Answer:
    question = suggest.conversation(server.session, document.uri, document.file, document.runbook, cell)
    return suggest.generate(server.session, question, cancel, on_model)


def _same_cell(document: OpenDocument, asked: Cell) -> Cell:
    """The cell that was asked about, in a document that changed while the answer was made."""
    for cell in document.runbook.cells:
        if cell.intent == asked.intent and cell.heading_path == asked.heading_path and can_generate(cell):
            return cell
    raise RunbookError("The cell changed while its suggestion was made. Ask again.")


def _fill(
    server: RunbookServer, document: OpenDocument, cell: Cell, body: str, label: str
) -> types.ApplyWorkspaceEditParams:
    columns = server.columns(document)
    edits = [columns.to_edit(edit) for edit in replace_body(document.runbook, cell, body)]
    workspace = server.client_capabilities.workspace
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        versioned = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
        edit = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(versioned, edits)])
    else:
        edit = types.WorkspaceEdit({document.uri: edits})
    return types.ApplyWorkspaceEditParams(edit, label=label)
