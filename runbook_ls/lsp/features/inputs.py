"""Asking in the editor for the values that a cell wants: `runbook/input`, where the client has it.

A client that sets the capability `experimental.runbook.input` is asked with `{uri, name, prompt, default?, choices?,
secret}` and answers with a text, or null where the user gives none. Others run with defaults and the values that come
with the command (`vars`); a value that is missing then is an error that names it.
"""

from __future__ import annotations

import threading

from pygls.exceptions import JsonRpcException

from runbook_ls.document.runbook import Cell
from runbook_ls.execute.inputs import Input
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import inputs
from runbook_ls.workbench.session import OpenDocument, Session

METHOD = "runbook/input"


async def ask(
    server: RunbookServer, session: Session, document: OpenDocument, cell: Cell, cancel: threading.Event
) -> bool:
    """Ask for what the cell wants, once in a session. False if the user gave one of the values up, or cancelled.

    Raises RunbookError if the inputs of the runbook cannot be read, or a value may not be.
    """
    if not server.shows("input"):
        return True
    wanted = await server.off_loop(
        server.ledger, inputs.wanted, session, document.file, document.runbook, cell
    )
    for one in wanted:
        value = await _value(server, document.uri, one, cancel)
        if value is None:
            return False
        inputs.check(one, value)
        inputs.give(session, document.file, {one.name: value}, "you", secret=one.secret)
    return True


async def _value(server: RunbookServer, uri: str, one: Input, cancel: threading.Event) -> str | None:
    question: dict[str, object] = {"uri": uri, "name": one.name, "prompt": one.prompt, "secret": one.secret}
    if one.default is not None:
        question["default"] = one.default
    if one.choices:
        question["choices"] = list(one.choices)
    try:
        answer = await server.ask(METHOD, question, cancel)
    except JsonRpcException as error:
        raise RunbookError(f"Not run: the editor could not ask for {one.name} ({error.message}).") from error
    return answer if isinstance(answer, str) else None
