"""`runbook.learnRun`, `unlearnRun`, `shareRun` and `pauseLearning`: the user's word on what runs teach."""

from __future__ import annotations

from dataclasses import replace

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.lsp import convert
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.memory.records import Run
from runbook_ls.values import RunbookError
from runbook_ls.workbench import learn, results, team
from runbook_ls.workbench.session import OpenDocument, Session

SHARE = "Share"


def register(server: RunbookServer) -> None:
    @server.command("runbook.learnRun")
    async def learn_run(*arguments: Argument) -> dict[str, object]:
        return await _overrule(server, arguments, teach=True)

    @server.command("runbook.unlearnRun")
    async def unlearn_run(*arguments: Argument) -> dict[str, object]:
        return await _overrule(server, arguments, teach=False)

    @server.command("runbook.shareRun")
    async def share_run(*arguments: Argument) -> dict[str, object]:
        session, _, run = await _run_of(server, arguments)
        return await _share(server, session, run)

    @server.command("runbook.pauseLearning")
    def pause_learning(*arguments: Argument) -> dict[str, object]:
        """Pause learning until the window closes, or go on; `{paused}` says which."""
        given = target.given_object(arguments) or {}
        paused = server.session.paused
        if bool(given.get("paused", not paused.is_set())):
            paused.set()
            server.say("Learning is paused: runs are kept in the history and teach nothing.")
        else:
            paused.clear()
            server.say("Runs teach again.")
        return {"paused": paused.is_set()}


async def offer_to_share(server: RunbookServer, session: Session, run: Run) -> None:
    """Ask whether the team shall have what a run taught, where it is to be asked and the client can."""
    asks = session.settings.memory_share == "ask" and team.may_share(session)
    if run.teaching not in ("learned", "superseded") or not asks:
        return
    question = f"Share with {session.settings.memory_server} what was learned? {run.intent}: {run.executed}"
    buttons = [types.MessageActionItem(title) for title in (SHARE, "Keep it to me")]
    try:
        answer = await server.window_show_message_request_async(
            types.ShowMessageRequestParams(types.MessageType.Info, convert.message(question), buttons)
        )
        if answer is not None and answer.title == SHARE:
            await _share(server, session, run)
    except JsonRpcException:
        pass  # a client that cannot ask; `runbook.shareRun` is there
    except RunbookError as error:
        server.say(str(error), types.MessageType.Warning)


async def _share(server: RunbookServer, session: Session, run: Run) -> dict[str, object]:
    number = await server.off_loop(server.ledger, team.share, session, run)
    server.say(
        f"It goes to {session.settings.memory_server}."
        if number
        else "There is nothing to share: the run taught nothing, or the team has it already."
    )
    return {"shared": number}


async def _overrule(
    server: RunbookServer, arguments: tuple[Argument, ...], *, teach: bool
) -> dict[str, object]:
    session, document, run = await _run_of(server, arguments)
    run = await server.off_loop(server.ledger, lambda: learn.overrule(session, run.id, teach=teach))
    if document is not None:
        session.results[document.uri] = tuple(
            replace(known, run=run) if known.run.id == run.id else known
            for known in session.results.get(document.uri, ())
        )
    server.say(f"{run.cell}: {run.receipt}")
    server.refresh()
    return {"executionId": run.id, "receipt": run.receipt}


async def _run_of(
    server: RunbookServer, arguments: tuple[Argument, ...]
) -> tuple[Session, OpenDocument | None, Run]:
    """The run that `{id}` names, or the last one of the cell that `{uri, line}` does."""
    given = target.given_object(arguments)
    some_id = given.get("id") if given else None
    if isinstance(some_id, str):
        run = await server.off_loop(server.ledger, server.session.journal.run, some_id)
        if run is None:
            raise RunbookError(f"{some_id}: there is no such run.")
        return server.session, None, run
    document, cell = target.find(server, arguments)
    session = server.session_of(document.uri)
    last = await server.off_loop(server.ledger, results.last, session, document, cell)
    if last is None:
        raise RunbookError(f"Cell {cell.name} of {document.file} has not run yet.")
    if last.run.ending == "unknown" and results.runs_now(session, document.uri, cell):
        raise RunbookError(
            f"Cell {cell.name} of {document.file} still runs: what it teaches is known at its end."
        )
    return session, document, last.run
