"""Opening, changing and closing a runbook in an editor, and noticing which offers were taken."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from runbook_ls.document import parse, reparse
from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Cell
from runbook_ls.memory.records import StoredSuggestion, new_id
from runbook_ls.shell.secrets import redact
from runbook_ls.values import Position, TextEdit
from runbook_ls.workbench.session import Offer, OpenDocument, Result, Session

GONE = -1  # the line of a cell that is no longer in its document


def open_document(session: Session, uri: str, file: str, version: int, text: str) -> OpenDocument:
    """Take a document into the session."""
    return take_in(session, read_document(uri, file, version, text))


def read_document(uri: str, file: str, version: int, text: str) -> OpenDocument:
    """What the text says, worked out whole, so that nothing is left to do later. Pure: on any thread."""
    document = OpenDocument(uri, file, version, tuple(split_lines(text)), parse(text))
    _ = document.runbook.cells
    return document


def take_in(session: Session, document: OpenDocument) -> OpenDocument:
    """Take a document that was read into the session. Where the cells stand that run in it is known only if it says
    what it said when it was closed."""
    for running in session.at_work(document.uri):
        if running.left not in (None, document.lines):
            running.line, running.waiting = GONE, (GONE,) * len(running.waiting)
        running.left = None
    session.documents[document.uri] = document
    return document


def change_document(
    session: Session, uri: str, version: int, lines: tuple[str, ...], edits: Sequence[TextEdit]
) -> OpenDocument:
    """Replace a document's text by `lines` (ends kept), to which `edits` led: each in the coordinates that the
    one before it left. What is known of its cells moves along."""
    return take_change(session, changed_document(session.documents[uri], version, lines, edits), edits)


def changed_document(
    before: OpenDocument, version: int, lines: tuple[str, ...], edits: Sequence[TextEdit]
) -> OpenDocument:
    """The document after edits, worked out whole. Pure: on any thread."""
    runbook = reparse(before.runbook, edits, "".join(lines))
    _ = runbook.cells
    return replace(before, version=version, lines=lines, runbook=runbook)


def take_change(session: Session, document: OpenDocument, edits: Sequence[TextEdit]) -> OpenDocument:
    """Put the changed document in the place of the one before it, and move along what is known of its cells."""
    uri = document.uri
    session.documents[uri] = document
    for edit in edits:
        for result in session.results.pop(uri, ()):
            remember(session, uri, replace(result, line=moved(result.line, edit)))
        if uri in session.keys:
            keys = {moved(line, edit): key for line, key in session.keys[uri].items()}
            session.keys[uri] = {line: key for line, key in keys.items() if line != GONE}
        for running in session.at_work(uri):
            running.line = moved(running.line, edit)
            running.waiting = tuple(moved(line, edit) for line in running.waiting)
    return document


def remember(session: Session, uri: str, result: Result) -> None:
    """Keep how a cell of an open document went. That of a cell which is gone is found by its text, as those of former
    windows are: it may come back."""
    if result.line != GONE:
        others = (other for other in session.results.get(uri, ()) if other.line != result.line)
        session.results[uri] = (*others, result)
    elif uri in session.earlier:
        session.earlier[uri] = {**session.earlier[uri], result.run.executed: result.run}


def close_document(session: Session, uri: str) -> None:
    """Let a document go. Closing one that is not open is no error."""
    document = session.documents.pop(uri, None)
    for running in session.at_work(uri):
        running.left = document.lines if document else running.left
    session.results.pop(uri, None)
    session.keys.pop(uri, None)
    session.earlier.pop(uri, None)


def key_of(session: Session, uri: str, cell: Cell) -> str:
    """What clients know this cell by: its `id` attribute if somebody wrote one, else a key that it keeps as long as
    the document is open."""
    given = cell.attributes.get("id")
    return given or session.keys.setdefault(uri, {}).setdefault(cell.start_line, new_id())


def holds_suggestion(session: Session, uri: str, cell: Cell) -> bool:
    """Whether the cell says what was suggested for it in this window, and nothing else."""
    taken = session.taken.get((uri, cell.intent))
    return taken is not None and taken.strip() == cell.body.strip()


def moved(line: int, edit: TextEdit) -> int:
    """Where the 0-based `line` stands after `edit`; GONE if it was taken out, or is somewhere within other lines. Lines
    that are replaced by as many stand where they stood."""
    here, (start, end) = Position(line, 0), (edit.span.start, edit.span.end)
    if line == GONE or start > here or (start == here and end.line == line and end != here):
        return line
    more = len(split_lines(edit.text + ".")) - 1 - (end.line - start.line)
    return line + more if end <= here or more == 0 else GONE


def entered(session: Session, document: OpenDocument) -> list[StoredSuggestion]:
    """The offers that now stand in the document, each once: they have become suggestions (A) to be journalled."""
    found: list[StoredSuggestion] = []
    for offer in [offer for offer in session.offers if offer.uri == document.uri]:
        cell = next(
            (
                cell
                for cell in document.runbook.cells
                if cell.body.strip() == offer.suggestion.text.strip() and cell.intent == offer.intent
            ),
            None,
        )
        if cell is not None:
            session.offers.remove(offer)
            session.taken[document.uri, offer.intent] = offer.suggestion.text
            found.append(_stored(session, document.file, cell, offer))
    return found


def keep(session: Session, suggestions: Sequence[StoredSuggestion]) -> None:
    """Write suggestions that entered a document to the journal."""
    with session.journal.writing() as writing:
        for suggestion in suggestions:
            writing.add_suggestion(suggestion)


def _stored(session: Session, file: str, cell: Cell, offer: Offer) -> StoredSuggestion:
    return StoredSuggestion(
        id=offer.id,
        time=time.time(),
        file=file,
        cell=cell.name,
        line=cell.start_line,
        intent=redact(offer.intent).text,
        text=redact(offer.suggestion.text).text,
        generator=offer.suggestion.generator,
        confidence=offer.suggestion.confidence,
        examples=offer.suggestion.examples,
        problems=tuple(
            {"code": p.code, "severity": p.severity.value, "message": redact(p.message).text}
            for p in offer.suggestion.problems
        ),
        workspace=session.workspace,
    )
