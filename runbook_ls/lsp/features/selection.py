"""`runbook.runSelection` runs a part of a cell; `runbook.runInTerminal` says how to run a cell in a terminal."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.run import run_cells
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import Position, RunbookError, Span
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.command("runbook.runSelection")
    async def run_selection(*arguments: Argument) -> dict[str, object]:
        """`{uri, range}` runs what is selected within one cell; without a range, the line at hand."""
        span = _span(server, arguments)
        document, cell = target.find(server, (_with_line(arguments, span),))
        if span is None:
            line = target.place(server, arguments)[1]
            assert line is not None
            span = Span(Position(line, 0), Position(line + 1, 0))
        text = selected(document, cell, span)
        code = cell.code._replace(body=text, attributes={**cell.attributes, "learn": "false"})
        part = cell._replace(code=code)
        return (await run_cells(server, document, [cell], target.variables(arguments), part))[0]

    @server.command("runbook.runInTerminal")
    def run_in_terminal(*arguments: Argument) -> dict[str, object]:
        """The command line that runs the cell, for the client's terminal; it asks for consent there."""
        document, cell = target.find(server, arguments)
        line = target.command_line(document.file, cell.name)
        if not server.shows("terminal"):
            server.say(f"Run it in a terminal, as it is saved: {line}")
        return {"command": line, "name": cell.name, "file": document.file}


def selected(document: OpenDocument, cell: Cell, span: Span) -> str:
    """The part of the cell's body within the span, without what the cell's container puts before lines.

    RunbookError if it holds nothing to run.
    """
    rows: list[str] = []
    for number, row in enumerate(cell.body.split("\n") if cell.body_columns else ()):
        start, end = cell.source_position(number, 0), cell.source_position(number, len(row))
        if end < span.start or (start >= span.end and not (rows and start == span.end)):
            continue
        first = span.start.column - start.column if span.start > start else 0
        last = span.end.column - start.column if span.end.line == start.line else len(row)
        rows.append(row[max(0, first) : max(0, last)])
    text = "\n".join(rows).rstrip("\n")
    if not text.strip():
        raise RunbookError(f"The selection holds nothing of cell {cell.name} of {document.file} to run.")
    return text


def _span(server: RunbookServer, arguments: tuple[Argument, ...]) -> Span | None:
    """The `range` of the command in the document; None if it has none. JsonRpcInvalidParams if it is no range."""
    given = target.given_object(arguments)
    asked = given.get("range") if given else None
    if asked is None:
        return None
    try:
        where = server.protocol._converter.structure(asked, types.Range)
    except Exception as error:
        raise JsonRpcInvalidParams("The range of runbook.runSelection is an LSP range.") from error
    document = target.place(server, arguments)[0]
    return server.columns(document).span(where)


def _with_line(arguments: tuple[Argument, ...], span: Span | None) -> Argument:
    given = target.given_object(arguments)
    if span is None or given is None:
        return given
    return {"line": span.start.line, **given}
