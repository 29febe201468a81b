"""`runbook.explain`: *Why this suggestion?* For an empty cell it says what would be suggested there, and why."""

from __future__ import annotations

from runbook_ls.document.runbook import Cell
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import explain, suggest, why
from runbook_ls.workbench.cells import can_generate
from runbook_ls.workbench.session import OpenDocument, Session


def register(server: RunbookServer) -> None:
    @server.command("runbook.explain")
    async def explain_cell(*arguments: Argument) -> dict[str, object]:
        document, cell = target.find(server, arguments)
        session = server.session_of(document.uri)
        text = await server.off_loop(server.background, _explanation, session, document, cell)
        server.say(text)
        return {"markdown": text}


def _explanation(session: Session, document: OpenDocument, cell: Cell) -> str:
    if can_generate(cell):
        answer = suggest.suggest(session, cell.intent, document=document.runbook.text)
        return explain.suggestion(answer) if answer.suggestion else answer.reason
    found = why.suggestion(session, document, cell)
    judged = why.judgement(cell)
    return "\n\n".join(
        part for part in (found or "You wrote this yourself: no suggestion is in it.", judged) if part
    )
