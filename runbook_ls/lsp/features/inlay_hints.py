"""Inlay hints: after a cell's fence how its last run went, how long it took, how long ago that is, and whether the
cell, or one it depends on, says something else by now."""

from __future__ import annotations

import time

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.memory.records import Run
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain, results
from runbook_ls.workbench.cells import kept
from runbook_ls.workbench.session import OpenDocument, Session


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        document = server.document(params.text_document.uri)
        if not server.is_runbook(document):
            return []
        session = server.session_of(document.uri)
        known = session.earlier.get(document.uri)
        if known is None or any(run.ending == "unknown" for run in known.values()):
            runs = await server.off_loop(server.ledger, _earlier, session, document)
            if document.uri in session.documents:
                session.earlier[document.uri] = runs
        return await server.off_loop(server.background, _hints, server, session, document, params.range)


def _hints(
    server: RunbookServer, session: Session, document: OpenDocument, where: types.Range
) -> list[types.InlayHint]:
    """Off the loop: what is stale is found by reading the cells above."""
    return [
        hint
        for cell in document.runbook.cells
        if where.start.line <= cell.start_line <= where.end.line
        and (hint := _hint(server, session, document, cell))
    ]


def _earlier(session: Session, document: OpenDocument) -> dict[str, Run]:
    """The last run of each text in this file, as the journal has them; none where there is no journal yet."""
    if not session.paths.journal.exists():
        return {}
    try:
        return {run.executed: run for run in reversed(session.journal.runs(200, file=document.file))}
    except RunbookError:
        return {}


def _hint(
    server: RunbookServer, session: Session, document: OpenDocument, cell: Cell
) -> types.InlayHint | None:
    result = results.in_window(session, document.uri, cell)
    run = result.run if result else session.earlier.get(document.uri, {}).get(kept(cell))
    if (
        run is None
        or cell.is_empty
        or (run.ending == "unknown" and results.runs_now(session, document.uri, cell))
    ):
        return None
    stale = result is not None and results.is_stale(document, cell, result)
    parts = [explain.outcome(run), f"{age(time.time() - run.time)} ago"]
    if run.ending != "unknown":
        parts.insert(1, duration(run.duration_ms))
    if stale:
        parts.append("stale")
    mark = "✓" if run.exit_code == 0 else "?" if run.ending == "unknown" else "✗"
    place = server.columns(document).end_of_line(cell.start_line)
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.time))
    changed = "\nThe cell, or one it depends on, was changed since." if stale else ""
    return types.InlayHint(
        place, f"{mark} {' · '.join(parts)}", padding_left=True, tooltip=f"{when}: {run.receipt}{changed}"
    )


def duration(milliseconds: int) -> str:
    """`340 ms`, `1.2 s`, `3 min`."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def age(seconds: float) -> str:
    """`12 s`, `5 min`, `3 h`, `2 days`."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {'day' if unit == 'days' and number == 1 else unit}"
    return f"{max(0, int(seconds))} s"
