"""didOpen, didChange, didClose: text in, and diagnostics for every version that is not superseded in the same read.

A large document is read off the loop; what else concerns it waits, everything else goes on.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from functools import partial

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.features import diagnostics
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.lsp.text import narrowed, splice
from runbook_ls.values import RunbookError, Span, TextEdit
from runbook_ls.workbench import lint
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.session import OpenDocument

LARGE_LINES = 4_000  # from here on reading a document takes longer than a keystroke may
LARGE_CHARACTERS = 300_000


def register(server: RunbookServer) -> None:
    waiting: set[str] = set()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        file = to_fs_path(item.uri) or item.uri
        read = partial(opening.read_document, item.uri, file, item.version, item.text)
        if len(item.text) < LARGE_CHARACTERS and item.text.count("\n") < LARGE_LINES:
            opened(read())
        else:
            server.read_apart(item.uri, partial(_for_long, partial(_and_lint, server, read)), opened)

    def opened(document: OpenDocument) -> None:
        opening.take_in(server.session, document)
        if complaint := lint.complaint(document.file, server.session_of(document.uri).trust):
            server.say_once(complaint)
        publish_soon(document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        before = server.document(params.text_document.uri)
        lines, edits = _after(server, before, params)
        read = partial(opening.changed_document, before, params.text_document.version, tuple(lines), edits)
        if len(lines) < LARGE_LINES:
            changed(edits, read())
        else:
            server.read_apart(before.uri, partial(_and_lint, server, read), partial(changed, edits))

    def changed(edits: list[TextEdit], document: OpenDocument) -> None:
        opening.take_change(server.session, document, edits)
        publish_soon(document.uri)
        session = server.session_of(document.uri)
        entered = opening.entered(session, document)
        if entered:
            server.start(server.reporting(server.off_loop(server.ledger, opening.keep, session, entered)))

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


def _and_lint(server: RunbookServer, read: partial[OpenDocument]) -> OpenDocument:
    """Read the document and have the rules look at it, which remember what they saw."""
    document = read()
    diagnostics.look(server, document)
    return document


def _for_long(read: Callable[[], OpenDocument]) -> OpenDocument:
    """Read a document that is large and will stay: the collector, which stops everything while it walks over all that
    there is, need not look at it again. Nothing in a document goes in circles, so it needs no collector to go."""
    gc.collect()
    gc.disable()
    try:
        return read()
    finally:
        gc.freeze()
        gc.enable()


def _after(
    server: RunbookServer, before: OpenDocument, params: types.DidChangeTextDocumentParams
) -> tuple[list[str], list[TextEdit]]:
    """The lines after the changes, in order, each of the text that the one before it left; and these as edits."""
    lines, edits = list(before.lines), []
    for change in params.content_changes:
        columns = Columns(lines, server.encoding)
        span = (
            columns.span(change.range) if isinstance(change, types.TextDocumentContentChangePartial) else None
        )
        span = span or Span.of(0, 0, len(lines), 0)
        if span.end < span.start:
            raise RunbookError(f"A change of {before.file} ends before it begins; it was not made.")
        edit = narrowed(lines, span, change.text)
        splice(lines, edit.span, edit.text)
        edits.append(edit)
    return lines, edits
