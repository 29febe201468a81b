"""Document symbols: headings, and the cells under them."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Position
from runbook_ls.workbench.outline import Entry, outline


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
        document = server.document(params.text_document.uri)
        columns = server.columns(document)
        tree = [_symbol(entry, columns) for entry in outline(document)]
        if server.can("text_document.document_symbol.hierarchical_document_symbol_support"):
            return tree
        return [found for symbol in tree for found in _flat(symbol, document.uri, None)]


def _symbol(entry: Entry, columns: Columns) -> types.DocumentSymbol:
    whole = types.Range(types.Position(entry.start_line, 0), columns.end_of_line(entry.end_line))
    first = types.Range(
        columns.to_position(Position(entry.start_line, 0)), columns.end_of_line(entry.start_line)
    )
    kind = types.SymbolKind.String
    detail = None
    if entry.cell is not None:
        kind = types.SymbolKind.Function if entry.cell.runnable else types.SymbolKind.Object
        detail = entry.cell.language or None
    inside = [_symbol(other, columns) for other in entry.inside]
    return types.DocumentSymbol(entry.title, kind, whole, first, detail=detail, children=inside)


def _flat(symbol: types.DocumentSymbol, uri: str, container: str | None) -> list[types.SymbolInformation]:
    own = types.SymbolInformation(
        types.Location(uri, symbol.range), symbol.name, symbol.kind, container_name=container
    )
    return [own, *(one for child in symbol.children or () for one in _flat(child, uri, symbol.name))]
