"""What can be done with a cell, and what is kept of it."""

from __future__ import annotations

from runbook_ls.document.languages import SHELLS
from runbook_ls.document.runbook import Cell
from runbook_ls.document.sessions import SESSION_LANGUAGES
from runbook_ls.execute import inputs
from runbook_ls.execute.interpreters import is_shell_language
from runbook_ls.shell.secrets import redact


def can_generate(cell: Cell) -> bool:
    """True for an empty shell cell: a command can be put there."""
    return cell.is_empty and _holds_commands(cell)


def can_complete(cell: Cell, line: int) -> bool:
    """True if the 0-based `line` is the only line of a shell cell's body, empty or begun."""
    return _holds_commands(cell) and len(cell.body_columns) == 1 and line == cell.body_start_line


def can_run(cell: Cell) -> bool:
    """True for a runnable cell that has something to run."""
    return cell.runnable and not cell.is_empty


def is_shell(cell: Cell) -> bool:
    """True for a fenced cell in a POSIX-like shell's language, and for a session with such a shell."""
    return _holds_commands(cell) or (cell.kind == "fence" and cell.language in SESSION_LANGUAGES)


def exports_inputs(cell: Cell) -> bool:
    """True if a line `export X=<text>` of it asks for a value."""
    return is_shell_language(cell.language) or not cell.language


def written(cell: Cell) -> str:
    """The cell's text with the placeholders of its inputs in quotes."""
    return inputs.quoted(cell.script) if exports_inputs(cell) else cell.script


def kept(cell: Cell) -> str:
    """What the journal has of the cell's text once it ran as it stands: as `written`, without secrets."""
    return redact(written(cell)).text


def _holds_commands(cell: Cell) -> bool:
    return cell.kind == "fence" and cell.language in SHELLS
