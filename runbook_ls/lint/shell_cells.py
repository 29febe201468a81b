"""The shell cells of a runbook, and the way from an offset in a body to a place in the runbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from runbook_ls.document.languages import SHELL_SESSIONS
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint import languages
from runbook_ls.shell import placeholders
from runbook_ls.shell.placeholders import Placeholder
from runbook_ls.shell.quoting import Region, regions
from runbook_ls.values import Position, Span

PROMPT = re.compile(r"^[ \t]*(\$[ \t]+)(?=\S)", re.MULTILINE)
"""`$ ` before a command; group 1 is what to take away."""


def shell_cells(runbook: Runbook) -> Iterator[Cell]:
    """The cells that hold shell commands and nothing else: no sessions, no data."""
    return (
        cell for cell in runbook.cells if cell.language in languages.SHELLS and cell.runnable and cell.body
    )


def command_cells(runbook: Runbook) -> Iterator[Cell]:
    """The shell cells, and the sessions whose commands stand among their output."""
    return (
        cell
        for cell in runbook.cells
        if (cell.language in languages.SHELLS or cell.language in SHELL_SESSIONS)
        and cell.runnable
        and cell.body
    )


def has_prompts(cell: Cell) -> bool:
    """True if the cell is a session: lines of it begin with `$ `."""
    return cell.language in SHELL_SESSIONS or PROMPT.search(cell.body) is not None


@lru_cache(maxsize=512)
def placeholders_of(body: str) -> tuple[Placeholder, ...]:
    """The placeholders of a body; the last 512 bodies are remembered, as several rules ask."""
    return placeholders.find(body)


@lru_cache(maxsize=512)
def regions_of(body: str) -> tuple[Region, ...]:
    """How the parts of a body are quoted, remembered likewise."""
    return regions(body)


def without_placeholders(body: str) -> str:
    """The body with a word of the same length for each placeholder in angle brackets: what its author meant."""
    for one in placeholders_of(body):
        if one.kind == "redirect":
            body = body[: one.start] + "_" * (one.end - one.start) + body[one.end :]
    return body


def span_in(cell: Cell, start: int, end: int) -> Span:
    """The span in the runbook of code points `start` up to `end` of the cell's body."""
    return Span(_position(cell, start), _position(cell, end))


def _position(cell: Cell, offset: int) -> Position:
    line = cell.body.count("\n", 0, offset)
    return cell.source_position(line, offset - (cell.body.rfind("\n", 0, offset) + 1))
