"""`runbook.generate`: fill the empty cell with a suggestion, or say plainly why there is none.

In a cell that holds a suggestion it puts the next one; on a paragraph it adds a cell below.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from lsprotocol import types

from runbook_ls.document import reparse
from runbook_ls.document.edits import add_cell, replace_body
from runbook_ls.document.languages import SHELLS
from runbook_ls.document.lines import apply_edits
from runbook_ls.document.runbook import Runbook
from runbook_ls.lsp.features import nothing_yet, target
from runbook_ls.lsp.features.target import Argument
from runbook_ls.lsp.progress import progress
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError, TextEdit
from runbook_ls.workbench import alternatives, explain, suggest
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.cells import can_generate
from runbook_ls.workbench.session import OpenDocument, Session
from runbook_ls.workbench.suggest import Answer


def register(server: RunbookServer) -> None:
    @server.command("runbook.generate")
    async def generate(*arguments: Argument) -> dict[str, object]:
        document, line, name = target.place(server, arguments)
        if name is None and line is not None and document.runbook.cell_at(line) is None:
            place = below(document.runbook, line)
        else:
            document, cell = target.find(server, arguments)
            if not can_generate(cell) and not opening.holds_suggestion(server.session, document.uri, cell):
                raise RunbookError(
                    f"Line {cell.start_line + 1} is no empty shell cell: only such a cell is filled."
                )
            place = Place(cell.start_line, cell.intent, cell.body, new="")
        answer = await _ask(server, document, place)
        if answer.suggestion is None:
            server.say(answer.reason)
            server.start(nothing_yet.offer(server, server.session_of(document.uri)))
            return {"suggestion": None, "reason": answer.reason}
        now = server.document(document.uri)
        edits = _edits(document, now, place, answer.suggestion.text)
        suggest.offer(server.session_of(now.uri), now.uri, place.intent, answer.suggestion)
        if not await server.apply(now, edits, "Generate command"):
            raise RunbookError(
                "The editor did not take the suggestion: the runbook changed meanwhile. Ask again."
            )
        warning = explain.warnings(answer)
        if warning:
            server.say(warning, types.MessageType.Warning)
        return {"suggestion": answer.suggestion.text, "reason": ""}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command goes: the cell at `line` with this intent and body, or (`new`: its language) a new cell below
    the paragraph at `line`."""

    line: int
    intent: str
    body: str
    new: str


def below(runbook: Runbook, line: int) -> Place:
    """The place for a command below the paragraph at the 0-based `line`: the empty cell that is there already, or a
    new one. RunbookError if no prose is at the line."""
    edits = add_cell(runbook, line, _usual_language(runbook))
    added = reparse(runbook, edits, apply_edits(runbook.text, edits))
    new = next((cell for cell in added.cells if cell.start_line > line), None)
    if new is None or not new.is_empty or not new.intent:
        raise RunbookError(f"There is no cell and no paragraph at line {line + 1}.")
    there = next((cell for cell in runbook.cells if cell.start_line > line), None)
    if there is not None and can_generate(there) and there.intent == new.intent:
        return Place(there.start_line, there.intent, there.body, new="")
    return Place(line, new.intent, "", new=new.language)


def _usual_language(runbook: Runbook) -> str:
    """The shell that most cells of the runbook use."""
    used = Counter(cell.language for cell in runbook.cells if cell.language in SHELLS)
    return used.most_common(1)[0][0] if used else "sh"


async def _ask(server: RunbookServer, document: OpenDocument, place: Place) -> Answer:
    session = server.session_of(document.uri)
    asking = asyncio.ensure_future(
        server.off_loop(server.background, _suggest, session, document.runbook.text, place)
    )
    async with progress(server, "Generating a command", asking.cancel):
        try:
            answer = await asking
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and getattr(task, "cancelling", lambda: 1)():
                raise
            return Answer(None, reason="Cancelled.")
    for note in answer.notes:
        server.say_once(note)
    return answer


def _suggest(session: Session, text: str, place: Place) -> Answer:
    if not place.body.strip():
        return suggest.suggest(session, place.intent, document=text)
    answers = alternatives.alternatives(session, place.intent, document=text)
    other = alternatives.after(answers, place.body)
    return other or Answer(None, reason="There is no other suggestion for this.")


def _edits(asked: OpenDocument, now: OpenDocument, place: Place, body: str) -> tuple[TextEdit, ...]:
    """The edits that put the body in its place, in a document that may have changed while it was made."""
    line = place.line
    if place.new:
        if now is not asked:
            line = below(now.runbook, line).line
        return add_cell(now.runbook, line, place.new, body)
    cell = now.runbook.cell_at(line)
    if now is not asked and (cell is None or (cell.intent, cell.body) != (place.intent, place.body)):
        same = (c for c in now.runbook.cells if (c.intent, c.body) == (place.intent, place.body))
        cell = next(same, None)
    if cell is None:
        raise RunbookError("The cell changed while its suggestion was made. Ask again.")
    return replace_body(now.runbook, cell, body)
