"""`runbook.runCell` and `runbook.cancel`: consent is asked for in the editor, the receipt is shown."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.document.runbook import Cell
from runbook_ls.execute.processes import Stream
from runbook_ls.lsp.features import target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain, run
from runbook_ls.workbench.run import Performed, Plan
from runbook_ls.workbench.session import OpenDocument, Result, Running


def register(server: RunbookServer) -> None:
    @server.command("runbook.runCell")
    async def run_cell(*arguments: Argument) -> dict[str, object]:
        document, cell = target.find(server, arguments)
        session = server.session
        busy = session.running.get(document.uri)
        if busy is not None:
            raise RunbookError(
                f"Cell {busy.name} of this runbook is still running: wait for it, or cancel it."
            )
        running = session.running[document.uri] = Running(cell.name, cell.start_line)
        try:
            plan = await _plan(server, document, cell)
            consented = await _consent(server, document, cell, plan)
            if consented is None:
                return {"exitCode": None, "receipt": "not run: you did not confirm it"}
            _refresh_lenses(server)
            done = await _perform(server, plan, running, consented)
            _keep(server, document.uri, running, cell, done)
        finally:
            del session.running[document.uri]
            _refresh_lenses(server)
        return _answer(server, cell, done)

    @server.command("runbook.cancel")
    def cancel(*arguments: Argument) -> dict[str, object]:
        ended = [running for uri, running in server.session.running.items() if _meant(uri, arguments)]
        for running in ended:
            running.cancel.set()
        return {"cancelled": [running.name for running in ended]}


def _meant(uri: str, arguments: tuple[Argument, ...]) -> bool:
    given = arguments[0] if arguments else None
    return not isinstance(given, dict) or given.get("uri") in (None, uri)


async def _plan(server: RunbookServer, document: OpenDocument, cell: Cell) -> Plan:
    return await server.off_loop(
        server.ledger, run.plan, server.session, document.file, document.runbook, cell
    )


async def _consent(server: RunbookServer, document: OpenDocument, cell: Cell, plan: Plan) -> str | None:
    """How consent was given; None if it was not. What was confirmed must still be what would run."""
    if plan.decision.action == "run":
        return "act"
    if plan.decision.action == "refuse":
        raise RunbookError(f"Not run: {plan.decision.why}.")
    try:
        answer = await server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Warning,
                plan.ask.text(),
                [types.MessageActionItem("Run"), types.MessageActionItem("Cancel")],
            )
        )
    except Exception as error:
        raise RunbookError(
            f"Not run: {plan.decision.why}, and this editor cannot ask you. "
            f"Run it with `runbook-ls run {document.file} {cell.name}`."
        ) from error
    if answer is None or answer.title != "Run":
        return None
    now = server.document(document.uri)
    line = server.session.running[document.uri].line
    again = await _plan(server, now, target.cell_at(now, line))
    if again.ask.digest != plan.ask.digest:
        raise RunbookError("Not run: the cell changed while it was being confirmed.")
    return "confirmed"


async def _perform(server: RunbookServer, plan: Plan, running: Running, consented: str) -> Performed:
    def on_output(stream: Stream, text: str) -> None:
        pass

    return await server.off_loop(
        server.background,
        run.perform,
        server.session,
        plan,
        consented=consented,
        on_output=on_output,
        cancel=running.cancel,
    )


def _keep(server: RunbookServer, uri: str, running: Running, cell: Cell, done: Performed) -> None:
    results = server.session.results.get(uri, ())
    result = Result(running.line, cell.body, done.execution, done.run)
    server.session.results[uri] = (*(r for r in results if r.line != running.line), result)


def _answer(server: RunbookServer, cell: Cell, done: Performed) -> dict[str, object]:
    kind = types.MessageType.Info if done.run.exit_code == 0 else types.MessageType.Warning
    for note in done.notes:
        server.say(f"{cell.name}: {note}", types.MessageType.Warning)
    ended = f"{explain.outcome(done.run)} in {done.execution.duration_ms} ms"
    server.say(f"{cell.name}: {ended}; {done.run.receipt}", kind)
    return {
        "executionId": done.run.id,
        "exitCode": done.run.exit_code,
        "durationMs": done.execution.duration_ms,
        "receipt": done.run.receipt,
    }


def _refresh_lenses(server: RunbookServer) -> None:
    workspace = server.client_capabilities.workspace
    if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
        server.workspace_code_lens_refresh(None)
