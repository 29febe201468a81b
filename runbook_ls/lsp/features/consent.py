"""Asking in the editor whether a cell may run. What was confirmed is what runs, or nothing."""

from __future__ import annotations

import threading

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.lsp import convert
from runbook_ls.lsp.features import target
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench.plan import Plan
from runbook_ls.workbench.session import Session

RUN = "Run"
ALLOW = "Run, and allow this exact text until the window closes"
CANCEL = "Cancel"

_SHORT_LINES = 24  # what a dialog can hold


async def settle(server: RunbookServer, session: Session, plan: Plan, cancel: threading.Event) -> str | None:
    """How consent to the plan was given, for the journal; None if the user did not give it, or cancelled the run.

    Raises RunbookError where the plan is refused and where this client cannot ask.
    """
    decision = plan.decision
    if decision.action == "run":
        return "act"
    if decision.action == "refuse":
        raise RunbookError(f"Not run: {decision.why}.")
    if plan.ask.digest in session.allowed:
        return "allowed"
    answer = await _answer(server, plan, cancel)
    if answer == ALLOW:
        session.allowed.add(plan.ask.digest)
        return "allowed"
    return "confirmed" if answer == RUN else None


async def _answer(server: RunbookServer, plan: Plan, cancel: threading.Event) -> str | None:
    """The title of the button that was pressed. The question is given up when the run is cancelled."""
    if not server.given.asks:
        raise _cannot_ask(plan)
    text = await _question(server, plan)
    # The first is what Enter gives in clients that have a default: eglot writes it into the prompt.
    buttons = [types.MessageActionItem(title) for title in (CANCEL, RUN, ALLOW)]
    question = types.ShowMessageRequestParams(types.MessageType.Warning, convert.message(text), buttons)
    try:
        answer = await server.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, question, cancel)
    except JsonRpcException as error:
        raise _cannot_ask(plan) from error
    return answer.title if answer else None


def _cannot_ask(plan: Plan) -> RunbookError:
    line = target.command_line(plan.file, plan.cell.name)
    return RunbookError(
        f"Not run: {plan.decision.why}, and this editor cannot ask you. Run it in a terminal: {line}"
    )


async def _question(server: RunbookServer, plan: Plan) -> str:
    """The text of the dialog. What is too long for one is opened first, where the client can, and the dialog then
    shows the lines that matter."""
    text = plan.ask.text()
    lines = text.split("\n")
    if len(lines) <= _SHORT_LINES or not server.can("window.show_document.support"):
        return text
    file = await server.off_loop(server.ledger, _write, server.session, text)
    await server.window_show_document_async(types.ShowDocumentParams(file, take_focus=False))
    risky = [line for line in lines[1:] if line.startswith(">")][:_SHORT_LINES]
    facts = lines[len(plan.ask.body.split("\n")) + 1 :]
    return "\n".join([lines[0], *risky, f"… all {len(lines)} lines are open beside this.", *facts])


def _write(session: Session, text: str) -> str:
    """Write the question to a file that nobody can change by mistake; its URI."""
    folder = session.paths.state / "confirm"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "confirm.txt"
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8", errors="replace")
    file.chmod(0o400)
    return file.as_uri()
