"""Inline completion (LSP 3.18): the suggestion as ghost text in an empty or begun cell, where the client has it.

Only what is grounded is shown: a tab stop cannot be seen in ghost text, and an invented value looks like a fact.
"""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.features.completion import in_container, replaced
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import suggest
from runbook_ls.workbench.cells import can_complete


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION)
    async def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList:
        document = server.document(params.text_document.uri)
        server.last_position = (document.uri, params.position.line)
        cell = document.runbook.cell_at(params.position.line)
        nothing = types.InlineCompletionList(items=[])
        if cell is None or not can_complete(cell, params.position.line):
            return nothing
        session = server.session_of(document.uri)
        answer = await server.off_loop(
            server.background, suggest.suggest, session, cell.intent, document=document.runbook.text
        )
        found = answer.suggestion
        span, typed = replaced(document, cell)
        if found is None or not found.grounded or not found.text.startswith(typed) or found.text == typed:
            return nothing
        suggest.offer(session, document.uri, cell.intent, found)
        item = types.InlineCompletionItem(
            in_container(document, cell, found.text),
            filter_text=found.text,
            range=server.columns(document).to_range(span),
        )
        return types.InlineCompletionList(items=[item])
