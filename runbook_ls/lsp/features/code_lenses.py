"""Code lenses: over every runnable cell what can be done with it."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.cells import can_generate, can_run
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
    def code_lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = server.document(params.text_document.uri)
        return [
            _lens(document, cell, *lens)
            for cell in document.runbook.cells
            for lens in _lenses(server, document, cell)
        ]


def _lenses(server: RunbookServer, document: OpenDocument, cell: Cell) -> list[tuple[str, str]]:
    running = server.session.running.get(document.uri)
    if running is not None and running.line == cell.start_line:
        return [("Cancel", "runbook.cancel")]
    if can_generate(cell):
        return [("Generate command", "runbook.generate")]
    if can_run(cell) and server.session.trust.runs:
        return [("Run cell", "runbook.runCell")]
    return []


def _lens(document: OpenDocument, cell: Cell, title: str, command: str) -> types.CodeLens:
    place = types.Position(cell.start_line, 0)
    argument = {"uri": document.uri, "line": cell.start_line}
    return types.CodeLens(types.Range(place, place), types.Command(title, command, arguments=[argument]))
