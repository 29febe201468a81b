"""The code actions of lint: each fix, all fixes of the file, and ignoring a rule at a place or in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from runbook_ls.lint.fixes import choose_fixes
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.features.diagnostics import problems_of, to_diagnostic
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Problem, Severity
from runbook_ls.workbench import ignore
from runbook_ls.workbench.session import OpenDocument

FIX_ALL = "source.fixAll.runbook-ls"


def actions(
    server: RunbookServer, document: OpenDocument, params: types.CodeActionParams
) -> tuple[list[types.CodeAction], list[types.CodeAction]]:
    """What mends the problems that touch the lines asked for; then what can be done besides: mending all of the file,
    and ignoring these. What shellcheck said, the client tells: it is not asked again while the client waits."""
    columns = server.columns(document)
    span = columns.span(params.range)
    problems = problems_of(server, document)
    told = [_told(columns, diagnostic) for diagnostic in params.context.diagnostics]
    here = [
        problem
        for problem in (*problems, *(problem for problem in told if problem.code.startswith("SC")))
        if _touches(problem, span.start.line, span.end.line)
    ]
    besides = [*_all_fixes(server, columns, document, problems), *_ignores(server, columns, document, here)]
    return list(_fixes(server, columns, document, here)), besides


def _fixes(
    server: RunbookServer, columns: Columns, document: OpenDocument, problems: Iterable[Problem]
) -> Iterator[types.CodeAction]:
    for problem in problems:
        if problem.fix is not None:
            yield types.CodeAction(
                problem.fix.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[to_diagnostic(columns, document, problem)],
                is_preferred=True,
                edit=server.workspace_edit(document, problem.fix.edits),
            )


def _all_fixes(
    server: RunbookServer, columns: Columns, document: OpenDocument, problems: Iterable[Problem]
) -> Iterator[types.CodeAction]:
    edits, applied = choose_fixes(problems)
    if applied:
        title = f"Fix all that can be fixed in this file ({len(applied)})"
        yield types.CodeAction(title, kind=FIX_ALL, edit=server.workspace_edit(document, edits))


def _ignores(
    server: RunbookServer, columns: Columns, document: OpenDocument, problems: Iterable[Problem]
) -> Iterator[types.CodeAction]:
    told: set[str] = set()
    for problem in problems:
        for title, edit in ignore.ways_to_ignore(document, problem):
            if title not in told:
                told.add(title)
                yield types.CodeAction(
                    title,
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[to_diagnostic(columns, document, problem)],
                    edit=server.workspace_edit(document, (edit,)),
                )


def _told(columns: Columns, diagnostic: types.Diagnostic) -> Problem:
    return Problem(str(diagnostic.code), Severity.INFO, diagnostic.message, columns.span(diagnostic.range))


def _touches(problem: Problem, first: int, last: int) -> bool:
    return problem.span is not None and problem.span.start.line <= last and first <= problem.span.end.line
