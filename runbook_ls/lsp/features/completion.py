"""Completion: in an empty or begun shell cell the suggestions for the intent above it, best first; after a fence
languages and attributes; cell names where one is meant. Nothing while writing prose."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from lsprotocol import types
from pygls.capabilities import get_capability

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Position, Span
from runbook_ls.workbench import alternatives, explain, suggest
from runbook_ls.workbench.cells import can_complete
from runbook_ls.workbench.fence_words import Words, words_at
from runbook_ls.workbench.session import OpenDocument
from runbook_ls.workbench.suggest import Answer

_REMEMBERED = 64  # items that may still be resolved


def register(server: RunbookServer) -> None:
    explained: OrderedDict[str, Answer] = OrderedDict()

    @server.feature(types.TEXT_DOCUMENT_COMPLETION)
    async def completion(params: types.CompletionParams) -> types.CompletionList:
        document = server.document(params.text_document.uri)
        server.last_position = (document.uri, params.position.line)
        position = server.columns(document).position(params.position)
        cell = document.runbook.cell_at(position.line)
        if cell is not None and can_complete(cell, position.line):
            items = await _suggestions(server, document, cell, explained)
        else:
            before = (
                document.lines[position.line][: position.column] if document.lines[position.line :] else ""
            )
            words = words_at(document.runbook, cell, position.line, before)
            items = _words(server, document, position, words) if words else []
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def resolve(item: types.CompletionItem) -> types.CompletionItem:
        number = item.data.get("id") if isinstance(item.data, Mapping) else None
        answer = explained.get(str(number))
        if answer is not None:
            item.documentation = _documentation(answer)
        return item


async def _suggestions(
    server: RunbookServer, document: OpenDocument, cell: Cell, explained: OrderedDict[str, Answer]
) -> list[types.CompletionItem]:
    session = server.session_of(document.uri)
    answers = await server.off_loop(
        server.background,
        alternatives.alternatives,
        session,
        cell.intent,
        document=document.runbook.text,
    )
    for note in answers[0].notes:
        server.say_once(note)
    items: list[types.CompletionItem] = []
    for place, answer in enumerate(answers):
        if answer.suggestion is None:
            continue
        offer = suggest.offer(session, document.uri, cell.intent, answer.suggestion)
        explained[offer.id] = answer
        item = _item(server, document, cell, answer, place)
        item.data = {"id": offer.id}
        if not _resolves_documentation(server):
            item.documentation = _documentation(answer)
        items.append(item)
    while len(explained) > _REMEMBERED:
        explained.popitem(last=False)
    return items


def _item(
    server: RunbookServer, document: OpenDocument, cell: Cell, answer: Answer, place: int
) -> types.CompletionItem:
    """An item that replaces the cell's one line. `filter_text` goes on from what stands there, so that no client drops
    it, nor as long as what is typed on fits."""
    suggestion = answer.suggestion
    assert suggestion is not None
    snippets = server.can("text_document.completion.completion_item.snippet_support") and any(
        not slot.grounded for slot in suggestion.slots
    )
    text = snippet(suggestion) if snippets else suggestion.text
    span, typed = replaced(document, cell)
    return types.CompletionItem(
        label=suggestion.text.split("\n")[0],
        kind=types.CompletionItemKind.Snippet if snippets else types.CompletionItemKind.Text,
        detail=explain.headline(answer),
        filter_text=suggestion.text if suggestion.text.startswith(typed) else typed,
        sort_text=str(place),
        preselect=place == 0,
        insert_text_format=types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(server.columns(document).to_range(span), in_container(document, cell, text)),
    )


def replaced(document: OpenDocument, cell: Cell) -> tuple[Span, str]:
    """What a suggestion takes the place of: the one line of the cell's body, and what is typed there."""
    source = document.lines[cell.body_start_line].rstrip("\r\n")
    column = cell.body_columns[0]
    return Span(cell.source_position(0, 0), cell.source_position(0, len(source) - column)), source[column:]


def in_container(document: OpenDocument, cell: Cell, text: str) -> str:
    """The text with the file's line ends, and further lines beginning as the container of the cell has them."""
    line = document.lines[cell.body_start_line]
    source = line.rstrip("\r\n")
    return text.replace("\n", (line[len(source) :] or "\n") + source[: cell.body_columns[0]])


def _words(
    server: RunbookServer, document: OpenDocument, position: Position, words: Words
) -> list[types.CompletionItem]:
    span = Span(Position(position.line, words.start), position)
    where = server.columns(document).to_range(span)
    return [
        types.CompletionItem(
            label=word,
            kind=types.CompletionItemKind.Keyword,
            detail=about or None,
            sort_text=f"{place:03}",
            text_edit=types.TextEdit(where, word),
        )
        for place, (word, about) in enumerate(words.words)
    ]


def _documentation(answer: Answer) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, explain.suggestion(answer))


def snippet(suggestion: Suggestion) -> str:
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


def _resolves_documentation(server: RunbookServer) -> bool:
    """Whether the client says that it asks for an item's documentation when it shows it."""
    support = get_capability(
        server.client_capabilities, "text_document.completion.completion_item.resolve_support", None
    )
    return support is not None and "documentation" in support.properties
