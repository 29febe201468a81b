"""What lint says, as diagnostics: published at once, and again when the slow checkers have looked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lsprotocol import types

from runbook_ls.lint.catalogue import page_of, rule_of
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Problem
from runbook_ls.workbench import lint
from runbook_ls.workbench.session import OpenDocument

_PAUSE_SECONDS = 0.2  # in typing, before programs are started


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


def show(server: RunbookServer, document: OpenDocument) -> None:
    """Publish what a quick look finds in this version, and again what a thorough one finds, off the loop, unless a newer
    version has come."""
    found = lint.look(document, server.session.trust)
    _publish(server, document, found.problems)
    if not found.complete:
        server.start(_look_thoroughly(server, document))


async def _look_thoroughly(server: RunbookServer, document: OpenDocument) -> None:
    await asyncio.sleep(_PAUSE_SECONDS)
    if server.session.documents.get(document.uri) is not document:
        return  # superseded: somebody is typing
    found = await server.off_loop(server.background, lint.look, document, server.session.trust, thorough=True)
    if server.session.documents.get(document.uri) is document:
        _publish(server, document, found.problems)


def _publish(server: RunbookServer, document: OpenDocument, problems: Sequence[Problem]) -> None:
    columns = server.columns(document)
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=document.uri,
            version=document.version,
            diagnostics=[to_diagnostic(columns, document, problem) for problem in problems],
        )
    )
