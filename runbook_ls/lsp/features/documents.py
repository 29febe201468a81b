"""didOpen, didChange, didClose: text in, and diagnostics for every version that is not superseded in the same read."""

from __future__ import annotations

import asyncio

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.features import diagnostics
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.lsp.text import splice
from runbook_ls.values import Span, TextEdit
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    waiting: set[str] = set()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        file = to_fs_path(item.uri) or item.uri
        opening.open_document(server.session, item.uri, file, item.version, item.text)
        publish_soon(item.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = _change(server, params)
        publish_soon(document.uri)
        session = server.session_of(document.uri)
        entered = opening.entered(session, document)
        if entered:
            await server.off_loop(server.ledger, opening.keep, session, entered)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        opening.close_document(server.session, params.text_document.uri)
        diagnostics.clear(server, params.text_document.uri)

    def publish_soon(uri: str) -> None:
        """Publish after the messages that were read together with this one."""
        if uri not in waiting:
            waiting.add(uri)
            asyncio.get_running_loop().call_soon(publish, uri)

    def publish(uri: str) -> None:
        waiting.discard(uri)
        document = server.session.documents.get(uri)
        if document is not None:
            diagnostics.publish(server, document)


def _change(server: RunbookServer, params: types.DidChangeTextDocumentParams) -> OpenDocument:
    """Apply the changes in order, each to the text that the one before it left."""
    document = server.document(params.text_document.uri)
    lines, edits = list(document.lines), []
    for change in params.content_changes:
        columns = Columns(lines, server.encoding)
        span = (
            columns.span(change.range) if isinstance(change, types.TextDocumentContentChangePartial) else None
        )
        edit = TextEdit(span or Span.of(0, 0, len(lines), 0), change.text)
        splice(lines, edit.span, edit.text)
        edits.append(edit)
    version = params.text_document.version
    return opening.change_document(server.session, document.uri, version, tuple(lines), edits)
