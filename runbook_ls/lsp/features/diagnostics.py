"""Diagnostics, pushed for every version, and pulled by clients that do.

Our own rules answer every version at once; what other programs say (bash about syntax, shellcheck) follows
in a publication of its own. A client that has pulled once gets no more pushes, or it would show everything twice.
"""

from __future__ import annotations

import asyncio
from functools import partial

from lsprotocol import types

from runbook_ls.lint.catalogue import page_of, rule_of
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Problem
from runbook_ls.workbench import lint
from runbook_ls.workbench.lint import Found
from runbook_ls.workbench.session import OpenDocument

_PAUSE_SECONDS = 0.2  # in typing, before programs are started


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
        found = _known(server, document)
        if not found.complete:
            found = await _look_thoroughly(server, document)
        # Settings change what is found in a version, and a document that is opened again begins to count anew.
        result_id = f"{document.version}.{hash(found.problems):x}"
        if params.previous_result_id == result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return types.RelatedFullDocumentDiagnosticReport(
            _items(server, document, found.problems), result_id=result_id
        )


def publish(server: RunbookServer, document: OpenDocument) -> None:
    """Send what our own rules find in this version, and have the slow ones follow."""
    if server.pulls:
        return
    found = _known(server, document)
    _send(server, document, found)
    if not found.complete:
        server.start(_follow(server, document, found))


def look_again(server: RunbookServer) -> None:
    """Look at all that is open under other settings, and have clients that ask for diagnostics ask again."""
    server.problems = {}
    for document in list(server.session.documents.values()):
        publish(server, document)
    if server.pulls and server.can("workspace.diagnostics.refresh_support"):
        server.workspace_diagnostic_refresh(None)


def clear(server: RunbookServer, uri: str) -> None:
    """Take back what was published for a document."""
    server.problems.pop(uri, None)
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics=[]))


def problems_of(server: RunbookServer, document: OpenDocument) -> tuple[Problem, ...]:
    """What is known to be wrong with this version of the document; our own rules run once a version."""
    return _known(server, document).problems


def look(server: RunbookServer, document: OpenDocument) -> Found:
    """Have our own rules look at this version of the document; on any thread."""
    found = lint.look(document, server.session_of(document.uri).trust)
    server.problems[document.uri] = document.runbook, found
    return found


def to_diagnostic(columns: Columns, document: OpenDocument, problem: Problem) -> types.Diagnostic:
    """A problem with the page that explains its code, the places it has to do with, faded if it could go."""
    rule = rule_of(problem.code)
    return columns.to_diagnostic(
        problem,
        "shellcheck" if problem.code.startswith("SC") else "runbook-ls",
        uri=document.uri,
        page=page_of(problem.code),
        fade=rule is not None and rule.unnecessary,
    )


def _known(server: RunbookServer, document: OpenDocument) -> Found:
    known = server.problems.get(document.uri)
    return known[1] if known is not None and known[0] is document.runbook else look(server, document)


async def _follow(server: RunbookServer, document: OpenDocument, found: Found) -> None:
    problems = server.problems

    def is_wanted() -> bool:
        return server.session.documents.get(document.uri) is document and server.problems is problems

    await asyncio.sleep(_PAUSE_SECONDS)
    if not is_wanted():
        return  # superseded: somebody is typing, or settings changed
    more = await _look_thoroughly(server, document)
    if more.problems != found.problems and not server.pulls and is_wanted():
        _send(server, document, more)


async def _look_thoroughly(server: RunbookServer, document: OpenDocument) -> Found:
    """What is found when other programs are asked too; remembered as this version's."""
    trust = server.session_of(document.uri).trust
    problems = server.problems  # another dictionary once settings change

    def is_wanted() -> bool:
        return server.session.documents.get(document.uri) is document

    look = partial(lint.look, document, trust, thorough=True, is_wanted=is_wanted)
    more = await server.off_loop(server.background, look)
    if is_wanted():
        problems[document.uri] = document.runbook, more
    return more


def _send(server: RunbookServer, document: OpenDocument, found: Found) -> None:
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=document.uri,
            version=document.version,
            diagnostics=_items(server, document, found.problems),
        )
    )


def _items(
    server: RunbookServer, document: OpenDocument, found: tuple[Problem, ...]
) -> list[types.Diagnostic]:
    columns = server.columns(document)
    return [to_diagnostic(columns, document, problem) for problem in found]
