"""`runbook.repair`, the action *Fix command*: replace a command that failed by a new suggestion."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.asking import ask
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.generate import put
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain, repair


def register(server: RunbookServer) -> None:
    @server.command("runbook.repair")
    async def fix(*arguments: Argument) -> dict[str, object]:
        document, cell = target.find(server, arguments)
        session = server.session_of(document.uri)
        answer = await ask(
            server,
            document.uri,
            lambda cancel, on_model: repair.suggest_repair(session, document, cell, cancel, on_model),
        )
        if answer.suggestion is None:
            server.say(answer.reason)
            return {"suggestion": None, "reason": answer.reason}
        now = server.document(document.uri)
        standing = next(
            (c for c in now.runbook.cells if (c.intent, c.body) == (cell.intent, cell.body)), None
        )
        if standing is None:
            raise RunbookError("The cell changed while its repair was made. Ask again.")
        await put(server, now, standing, answer.suggestion, "Fix command")
        warning = explain.warnings(answer)
        if warning:
            server.say(warning, types.MessageType.Warning)
        return {"suggestion": answer.suggestion.text, "reason": ""}
