"""What lint says, as diagnostics: published at once, and again when the slow checkers have looked."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from runbook_ls.lint.catalogue import page_of, rule_of
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Problem
from runbook_ls.workbench import lint
from runbook_ls.workbench.session import OpenDocument


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


def publish(server: RunbookServer, document: OpenDocument, problems: Sequence[Problem]) -> None:
    """Publish the problems of this version of the document."""
    columns = server.columns(document)
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=document.uri,
            version=document.version,
            diagnostics=[to_diagnostic(columns, document, problem) for problem in problems],
        )
    )


def follow_up(server: RunbookServer, document: OpenDocument) -> None:
    """Let shellcheck look too, off the loop, and publish this version again unless a newer one has come."""
    if lint.may_find_more(document, server.session.trust):
        server.start(_look_thoroughly(server, document))


async def _look_thoroughly(server: RunbookServer, document: OpenDocument) -> None:
    if server.session.documents.get(document.uri) is not document:
        return  # superseded before its turn came
    problems = await server.off_loop(
        server.background, lint.problems, document, server.session.trust, thorough=True
    )
    if server.session.documents.get(document.uri) is document:
        publish(server, document, problems)
