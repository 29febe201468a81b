"""`runbook.resetState`: the next cell of the runbook sees nothing of the earlier ones."""

from __future__ import annotations

from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import environment


def register(server: RunbookServer) -> None:
    @server.command("runbook.resetState")
    def reset_state(*arguments: Argument) -> dict[str, object]:
        document, _, _ = target.place(server, arguments)
        running = server.session.running.get(document.uri)
        if running is not None:
            raise RunbookError(f"Cell {running.name} of this runbook is still running: cancel it first.")
        had_state = document.file in server.session.states
        environment.reset(server.session_of(document.uri), document.file)
        server.say(
            "The shell state of this runbook is empty again." if had_state else "There was no shell state."
        )
        return {"reset": had_state}
