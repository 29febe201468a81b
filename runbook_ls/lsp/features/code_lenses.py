"""Code lenses: over every runnable cell what can be done with it."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import cell_commands
from runbook_ls.lsp.features.cell_commands import Offered
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = server.document(params.text_document.uri)
        if not server.is_runbook(document):
            return []
        return [_lens(document, cell, offered) for cell, offered in cell_commands.lenses(server, document)]


def _lens(document: OpenDocument, cell: Cell, offered: Offered) -> types.CodeLens:
    place = types.Position(cell.start_line, 0)
    argument = {"uri": document.uri, "line": cell.start_line}
    command = types.Command(offered.title, offered.command, arguments=[argument])
    return types.CodeLens(types.Range(place, place), command)
