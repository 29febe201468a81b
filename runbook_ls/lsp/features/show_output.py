"""`runbook.showOutput`: the complete output of a cell's last run, by the richest way the client has."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import results


def register(server: RunbookServer) -> None:
    @server.command("runbook.showOutput")
    async def show_output(*arguments: Argument) -> dict[str, object]:
        document, cell = target.find(server, arguments)
        session = server.session_of(document.uri)
        last = await server.off_loop(server.ledger, results.last, session, document, cell)
        if last is None:
            raise RunbookError(f"Cell {cell.name} of {document.file} has not run yet.")
        if not (last.file and await _open(server, last.file)):
            server.say(last.shown())
        return {
            "exitCode": last.run.exit_code,
            "durationMs": last.run.duration_ms,
            "text": last.text,
            "outputFile": str(last.file) if last.file else None,
            "receipt": last.run.receipt,
        }


async def _open(server: RunbookServer, file: Path) -> bool:
    """Have the client open the file; whether it did."""
    if not server.can("window.show_document.support"):
        return False
    try:
        shown = await server.window_show_document_async(
            types.ShowDocumentParams(file.as_uri(), take_focus=True)
        )
    except JsonRpcException:
        return False
    return shown.success
