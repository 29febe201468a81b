"""How the cells of an open runbook went the last time: in this window, else as the journal remembers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from runbook_ls.document.runbook import Cell
from runbook_ls.execute.output import without_colours
from runbook_ls.memory.records import Run
from runbook_ls.workbench import variables
from runbook_ls.workbench.cells import kept
from runbook_ls.workbench.session import OpenDocument, Result, Session

_TAIL_BYTES = 32 * 1024
_SHOWN_LINES = 20


@dataclass(frozen=True, slots=True)
class Last:
    """The last run of a cell. `text` is what it printed, head and tail of a long output, without colours; `file` is
    where all of it is kept, None if nowhere."""

    run: Run
    text: str
    file: Path | None

    def shown(self) -> str:
        """The end of the output as a message."""
        lines = self.text.splitlines()[-_SHOWN_LINES:]
        more = f" (all of it: {self.file})" if self.file else ""
        return (
            "\n".join([f"{self.run.cell}:{more}", *lines]) if lines else f"{self.run.cell} printed nothing."
        )


def in_window(session: Session, uri: str, cell: Cell) -> Result | None:
    """The cell's last run since the document was opened."""
    return next((found for found in session.results.get(uri, ()) if found.line == cell.start_line), None)


def in_journal(session: Session, document: OpenDocument, cell: Cell) -> Run | None:
    """The newest run of a cell of this name in the file, if what ran is what the cell says."""
    run = session.journal.last_run(document.file, cell=cell.name)
    return run if run is not None and run.executed == kept(cell) else None


def runs_now(session: Session, uri: str, cell: Cell) -> bool:
    """Whether the cell runs in this window, at hand or in the background."""
    return any(running.line == cell.start_line for running in session.at_work(uri))


def last(session: Session, document: OpenDocument, cell: Cell) -> Last | None:
    """The cell's last run, of this window or an earlier one; None if it never ran as it stands. Reads files."""
    here = in_window(session, document.uri, cell)
    if here is not None:
        text = without_colours(here.execution.stdout + here.execution.stderr)
        return Last(here.run, text, _existing(here.run.output_file))
    run = in_journal(session, document, cell)
    if run is None:
        return None
    file = _existing(run.output_file)
    return Last(run, _tail(file) if file else "", file)


def is_stale(document: OpenDocument, cell: Cell, result: Result) -> bool:
    """Whether the cell, or one it depends on, says something else than when it ran."""
    return result.body != cell.body or result.above != variables.digest(document.runbook, cell)


def _existing(name: str | None) -> Path | None:
    file = Path(name) if name else None
    return file if file and file.is_file() else None


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _TAIL_BYTES))
            return without_colours(stream.read().decode("utf-8", "replace"))
    except OSError:
        return ""
