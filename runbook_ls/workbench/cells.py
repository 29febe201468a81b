"""What can be done with a cell."""

from __future__ import annotations

from runbook_ls.document.languages import SHELLS
from runbook_ls.document.runbook import Cell


def can_generate(cell: Cell) -> bool:
    """True for an empty shell cell: a command can be put there."""
    return cell.is_empty and is_shell(cell)


def can_complete(cell: Cell, line: int) -> bool:
    """True if the 0-based `line` is the only line of a shell cell's body, empty or begun."""
    return is_shell(cell) and len(cell.body_columns) == 1 and line == cell.body_start_line


def can_run(cell: Cell) -> bool:
    """True for a runnable cell that has something to run."""
    return cell.runnable and not cell.is_empty


def is_shell(cell: Cell) -> bool:
    """True for a fenced cell in a POSIX-like shell's language."""
    return cell.kind == "fence" and cell.language in SHELLS
