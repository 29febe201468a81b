"""Hover: the rule behind a finding; over a cell how its last run went, where its command comes from, and what that is
judged to do."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import diagnostics
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Position, Problem, RunbookError
from runbook_ls.workbench import explain, lint, why
from runbook_ls.workbench.session import OpenDocument, Session


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.document(params.text_document.uri)
        server.last_position = (document.uri, params.position.line)
        columns = server.columns(document)
        problems = _problems_at(server, document, columns.position(params.position))
        parts = [lint.rule_text(problem) for problem in problems]
        cell = document.runbook.cell_at(params.position.line)
        where = columns.to_range(problems[0].span) if problems and problems[0].span else None
        if cell is not None:
            session = server.session_of(document.uri)
            parts += await server.off_loop(server.ledger, _about, session, document, cell)
            where = where or types.Range(
                types.Position(cell.start_line, 0), columns.end_of_line(cell.end_line)
            )
        parts = [part for part in parts if part]
        if not parts:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), where)


def _problems_at(server: RunbookServer, document: OpenDocument, position: Position) -> list[Problem]:
    return [
        problem
        for problem in diagnostics.problems_of(server, document)
        if problem.span is not None and problem.span.start <= position <= problem.span.end
    ]


def _about(session: Session, document: OpenDocument, cell: Cell) -> list[str]:
    """What is known about the cell; what a damaged journal cannot tell is left out."""
    parts: list[str] = []
    try:
        parts.append(explain.cell(session, document, cell))
        if not cell.is_empty and session.paths.journal.exists():
            parts.append(why.suggestion(session, document, cell))
    except RunbookError as error:
        parts.append(str(error))
    parts.append(why.judgement(cell))
    return parts
