"""Which cell a command means: `{uri, line?, name?}`, or nothing at all from clients that send none."""

from __future__ import annotations

from collections.abc import Mapping

from pygls.exceptions import JsonRpcInvalidParams

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench.session import OpenDocument

# What a command gets, as JSON has it. Not `object`: pygls would put the server in place of the first argument.
Argument = Mapping[str, object] | list[object] | str | int | float | bool | None


def find(server: RunbookServer, arguments: tuple[Argument, ...]) -> tuple[OpenDocument, Cell]:
    """The cell that the arguments of a command name; `line` is 0-based, any line of the cell.

    Without arguments (Helix sends none) it is the cell at the last position that any request named. Raises
    RunbookError when there is no such cell, JsonRpcInvalidParams when the arguments have another shape.
    """
    given = arguments[0] if arguments else None
    if given is None:
        if server.last_position is None:
            raise RunbookError("Which cell? Put the cursor in one, or pass {uri, line}.")
        last_uri, line = server.last_position
        document = server.document(last_uri)
        return document, cell_at(document, line)
    uri = given.get("uri") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(uri, str):
        raise JsonRpcInvalidParams("A runbook command takes one object {uri, line?, name?}; uri is a text.")
    document = server.document(uri)
    name, asked = given.get("name"), given.get("line")
    if name is not None:
        return document, _named(document, name)
    if asked is None and server.last_position and server.last_position[0] == document.uri:
        asked = server.last_position[1]
    if not isinstance(asked, int) or isinstance(asked, bool):
        raise JsonRpcInvalidParams(
            "A runbook command needs the cell: {uri, line} with a 0-based line, or {uri, name}."
        )
    return document, cell_at(document, asked)


def cell_at(document: OpenDocument, line: int) -> Cell:
    """The cell at the 0-based `line`; RunbookError if there is none."""
    cell = document.runbook.cell_at(line)
    if cell is None:
        raise RunbookError(f"There is no cell at line {line + 1} of {document.file}.")
    return cell


def _named(document: OpenDocument, name: object) -> Cell:
    for cell in document.runbook.cells:
        if cell.name == name:
            return cell
    raise RunbookError(f"There is no cell named {name} in {document.file}.")
