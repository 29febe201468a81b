"""Diagnostics, pushed for every version, and pulled by clients that do.

Our own rules answer every version at once; what other programs say (bash about syntax) follows in a publication of
its own. A client that has pulled once gets no more pushes, or it would show everything twice.
"""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Problem
from runbook_ls.workbench import lint
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC)
    async def pull(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        document = server.document(params.text_document.uri)
        if not server.pulls:
            server.pulls = True
            for uri in server.session.documents:
                clear(server, uri)
        found = problems_of(server, document)
        if _asks_others(server, document, found):
            found = await _asked(server, document, found)
        result_id = f"{document.version}"
        if params.previous_result_id == result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return types.RelatedFullDocumentDiagnosticReport(_items(server, document, found), result_id=result_id)


def publish(server: RunbookServer, document: OpenDocument) -> None:
    """Send what our own rules find in this version, and have the slow ones follow."""
    if server.pulls:
        return
    found = problems_of(server, document)
    _send(server, document, found)
    if _asks_others(server, document, found):
        server.start(_follow(server, document, found))


def clear(server: RunbookServer, uri: str) -> None:
    """Take back what was published for a document."""
    server.problems.pop(uri, None)
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics=[]))


def problems_of(server: RunbookServer, document: OpenDocument) -> tuple[Problem, ...]:
    """What is known to be wrong with this version of the document; our own rules run once a version."""
    known = server.problems.get(document.uri)
    return known[1] if known is not None and known[0] is document.runbook else look(server, document)


def look(server: RunbookServer, document: OpenDocument) -> tuple[Problem, ...]:
    """Have our own rules look at this version of the document; on any thread."""
    alone = not server.session_of(document.uri).trust.external_checkers
    found = lint.own_problems(document.runbook, alone=alone)
    server.problems[document.uri] = document.runbook, found
    return found


def _asks_others(server: RunbookServer, document: OpenDocument, found: tuple[Problem, ...]) -> bool:
    return server.session_of(document.uri).trust.external_checkers and lint.wants_others(found)


async def _follow(server: RunbookServer, document: OpenDocument, found: tuple[Problem, ...]) -> None:
    more = await _asked(server, document, found)
    if more != found and not server.pulls and server.session.documents.get(document.uri) is document:
        _send(server, document, more)


async def _asked(
    server: RunbookServer, document: OpenDocument, found: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    """The problems after other programs were asked; remembered as this version's."""
    more = await server.off_loop(server.background, lint.ask_others, document.runbook, found)
    if server.session.documents.get(document.uri) is document:
        server.problems[document.uri] = document.runbook, more
    return more


def _send(server: RunbookServer, document: OpenDocument, found: tuple[Problem, ...]) -> None:
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=document.uri, version=document.version, diagnostics=_items(server, document, found)
        )
    )


def _items(
    server: RunbookServer, document: OpenDocument, found: tuple[Problem, ...]
) -> list[types.Diagnostic]:
    columns = server.columns(document)
    return [columns.to_diagnostic(problem) for problem in lint.at_most(found)]
