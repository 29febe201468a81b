"""didOpen, didChange, didClose: text in, diagnostics out, for every version."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.features import lint_diagnostics
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Span, TextEdit
from runbook_ls.workbench import lint
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        file = to_fs_path(item.uri) or item.uri
        document = opening.open_document(server.session, item.uri, file, item.version, item.text)
        if complaint := lint.complaint(file, server.session.trust):
            server.say_once(complaint)
        lint_diagnostics.show(server, document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = _change(server, params)
        lint_diagnostics.show(server, document)
        entered = opening.entered(server.session, document)
        if entered:
            await server.off_loop(server.ledger, opening.keep, server.session, entered)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        opening.close_document(server.session, params.text_document.uri)
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(params.text_document.uri, diagnostics=[])
        )


def _change(server: RunbookServer, params: types.DidChangeTextDocumentParams) -> OpenDocument:
    """Apply the changes in order, each to the text that the one before it left."""
    document = server.document(params.text_document.uri)
    lines, edits = document.lines, []
    for change in params.content_changes:
        columns = Columns(lines, server.encoding)
        span = (
            columns.span(change.range) if isinstance(change, types.TextDocumentContentChangePartial) else None
        )
        edit = TextEdit(span or Span.of(0, 0, len(lines), 0), change.text)
        lines = tuple(split_lines(apply_edits("".join(lines), (edit,))))
        edits.append(edit)
    return opening.change_document(server.session, document.uri, params.text_document.version, lines, edits)
