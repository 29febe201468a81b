"""Folding: the front matter, sections and cells."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.outline import folds


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        document = server.document(params.text_document.uri)
        return [types.FoldingRange(first, last) for first, last in sorted(folds(document))]
