"""`runbook.forget`: *Forget this example*. The text itself is removed, for good."""

from __future__ import annotations

from pygls.exceptions import JsonRpcInvalidParams

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import why
from runbook_ls.workbench.session import OpenDocument, Session


def register(server: RunbookServer) -> None:
    @server.command("runbook.forget")
    async def forget(*arguments: Argument) -> dict[str, object]:
        """`{id}` forgets that run or example; `{uri, line}` the example that the cell's command came from."""
        given = target.given_object(arguments)
        some_id = given.get("id") if given else None
        if some_id is not None and not isinstance(some_id, str):
            raise JsonRpcInvalidParams("The id of runbook.forget is that of a run or an example, a text.")
        if some_id is None:
            document, cell = target.find(server, arguments)
            session = server.session_of(document.uri)
            forgotten = await server.off_loop(server.ledger, _of_cell, session, document, cell)
        else:
            forgotten = await server.off_loop(server.ledger, _forget, server.session, some_id)
        server.say(str(forgotten["message"]))
        return forgotten


def _of_cell(session: Session, document: OpenDocument, cell: Cell) -> dict[str, object]:
    return _forget(session, why.example_of(session, document, cell))


def _forget(session: Session, some_id: str) -> dict[str, object]:
    example = session.journal.example(some_id)
    if example is None and session.journal.run(some_id) is None:
        raise RunbookError(f"{some_id}: there is no such run or example.")
    gone = session.journal.forget(some_id)
    what = f"“{example.intent}”" if example else "the run"
    more = " Another process still holds the last bytes of it; they go when it ends." if gone.pending else ""
    return {
        "message": f"Forgot {what}.{more}",
        "runs": gone.runs,
        "examples": gone.examples,
        "pending": gone.pending,
    }
