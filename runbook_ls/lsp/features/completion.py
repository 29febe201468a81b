"""Completion in an empty or begun shell cell: the suggestion for the intent above it."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.workbench import explain, suggest
from runbook_ls.workbench.cells import can_complete
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions())
    async def completion(params: types.CompletionParams) -> types.CompletionList:
        document = server.document(params.text_document.uri)
        server.last_position = (document.uri, params.position.line)
        cell = document.runbook.cell_at(params.position.line)
        nothing = types.CompletionList(is_incomplete=False, items=[])
        if cell is None or not can_complete(cell, params.position.line):
            return nothing
        answer = await server.off_loop(
            server.background, suggest.suggest, server.session, cell.intent, document=document.runbook.text
        )
        if answer.suggestion is None:
            return nothing
        suggest.offer(server.session, document.uri, cell.intent, answer.suggestion)
        item = _item(server, document, cell, params.position.line, answer)
        return types.CompletionList(is_incomplete=False, items=[item])


def _item(
    server: RunbookServer, document: OpenDocument, cell: Cell, line: int, answer: suggest.Answer
) -> types.CompletionItem:
    """An item that replaces the cell's one line. `filter_text` is what stands there, so that no client drops it."""
    suggestion = answer.suggestion
    assert suggestion is not None
    source = document.lines[line].rstrip("\r\n")
    column = cell.body_columns[0]
    columns = server.columns(document)
    ending = document.lines[line][len(source) :] or "\n"
    snippets = _has_snippets(server) and any(not slot.grounded for slot in suggestion.slots)
    text = _snippet(suggestion) if snippets else suggestion.text
    new = text.replace("\n", ending + source[:column])
    replaced = types.Range(
        columns.to_position(cell.source_position(0, 0)),
        columns.to_position(cell.source_position(0, len(source) - column)),
    )
    return types.CompletionItem(
        label=suggestion.text.split("\n")[0],
        kind=types.CompletionItemKind.Snippet if snippets else types.CompletionItemKind.Text,
        detail=explain.headline(answer),
        documentation=types.MarkupContent(types.MarkupKind.Markdown, explain.suggestion(answer)),
        filter_text=source[column:] or suggestion.text,
        sort_text="0",
        preselect=True,
        insert_text_format=types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(replaced, new),
    )


def _snippet(suggestion: Suggestion) -> str:
    """The text with a tab stop at every slot that could not be filled, each with the value it was taught with."""
    parts, position, number = [], 0, 0
    for slot in sorted(suggestion.slots, key=lambda slot: slot.start):
        if not slot.grounded and slot.start >= position:
            number += 1
            parts += [
                _escaped(suggestion.text[position : slot.start]),
                f"${{{number}:{_escaped(slot.value)}}}",
            ]
            position = slot.end
    return "".join([*parts, _escaped(suggestion.text[position:])])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def _has_snippets(server: RunbookServer) -> bool:
    completion = (
        server.client_capabilities.text_document or types.TextDocumentClientCapabilities()
    ).completion
    return bool(completion and completion.completion_item and completion.completion_item.snippet_support)
