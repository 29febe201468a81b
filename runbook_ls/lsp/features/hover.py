"""Hover over a cell: how its last run went."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import explain


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.document(params.text_document.uri)
        server.last_position = (document.uri, params.position.line)
        cell = document.runbook.cell_at(params.position.line)
        if cell is None:
            return None
        text = await server.off_loop(server.ledger, explain.cell, server.session, document, cell)
        if not text:
            return None
        where = types.Range(types.Position(cell.start_line, 0), types.Position(cell.end_line + 1, 0))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), where)
