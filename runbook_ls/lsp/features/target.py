"""Which cell a command means: `{uri, line?, name?, vars?}`, or nothing at all from clients that send none."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from pygls.exceptions import JsonRpcInvalidParams

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench.session import OpenDocument

# What a command gets, as JSON has it. Not `object`: pygls would put the server in place of the first argument.
Argument = Mapping[str, object] | list[object] | str | int | float | bool | None

_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def find(server: RunbookServer, arguments: tuple[Argument, ...]) -> tuple[OpenDocument, Cell]:
    """The cell that the arguments of a command name; `line` is 0-based, any line of the cell.

    Without arguments (Helix sends none) it is the cell at the last position that any request named. Raises
    RunbookError when there is no such cell, JsonRpcInvalidParams when the arguments have another shape.
    """
    document, line, name = place(server, arguments)
    if name is not None:
        return document, _named(document, name)
    if line is None:
        raise JsonRpcInvalidParams(
            "A runbook command needs the cell: {uri, line} with a 0-based line, or {uri, name}."
        )
    return document, cell_at(document, line)


def place(
    server: RunbookServer, arguments: tuple[Argument, ...]
) -> tuple[OpenDocument, int | None, str | None]:
    """The document, 0-based line and cell name that the arguments give; the line is the last position's in that
    document where they give neither. Raises as `find` does."""
    given = given_object(arguments)
    last = server.last_position
    if given is None:
        if last is None:
            raise RunbookError("Which cell? Put the cursor in one, or pass {uri, line}.")
        return server.document(last[0]), last[1], None
    uri, line, name = given.get("uri"), given.get("line"), given.get("name")
    if uri is None and last is not None:
        uri = last[0]
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams("A runbook command takes one object {uri, line?, name?}; uri is a text.")
    if line is not None and (not isinstance(line, int) or isinstance(line, bool) or line < 0):
        raise JsonRpcInvalidParams("The line of a runbook command is a 0-based line number.")
    if name is not None and not isinstance(name, str):
        raise JsonRpcInvalidParams("The name of a runbook command is the name of a cell, a text.")
    document = server.document(uri)
    if line is None and name is None and last and last[0] == document.uri:
        line = last[1]
    return document, line, name


def given_object(arguments: tuple[Argument, ...]) -> Mapping[str, object] | None:
    """The one object that a command takes; None if there is none. JsonRpcInvalidParams if it is something else."""
    given = arguments[0] if arguments else None
    if given is not None and not isinstance(given, Mapping):
        raise JsonRpcInvalidParams("A runbook command takes one object {uri, line?, name?}; uri is a text.")
    return given


def variables(arguments: tuple[Argument, ...]) -> dict[str, str]:
    """The `vars` of a command: values for variables, by name. JsonRpcInvalidParams if they are something else."""
    given = given_object(arguments)
    values = (given or {}).get("vars")
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise JsonRpcInvalidParams("vars is an object {NAME: text}.")
    for name, value in values.items():
        if not _VARIABLE.fullmatch(str(name)) or not isinstance(value, str) or "\0" in value:
            raise JsonRpcInvalidParams(f"vars: {name} is no variable name, or its value is no text.")
    return dict(values)


def cell_at(document: OpenDocument, line: int) -> Cell:
    """The cell at the 0-based `line`; RunbookError if there is none."""
    cell = document.runbook.cell_at(line)
    if cell is None:
        raise RunbookError(f"There is no cell at line {line + 1} of {document.file}.")
    return cell


def command_line(file: str, name: str) -> str:
    """What runs this cell in a terminal."""
    return shlex.join(("runbook-ls", "run", file, name))


def _named(document: OpenDocument, name: str) -> Cell:
    for cell in document.runbook.cells:
        if cell.name == name:
            return cell
    raise RunbookError(f"There is no cell named {name} in {document.file}.")
