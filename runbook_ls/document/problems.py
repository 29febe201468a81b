"""The problems that parsing itself finds: one function for each code.

| code | severity | what |
|---|---|---|
| RB001 | error | a fence is never closed |
| RB005 | warning | two cells are given the same name |
| RB006 | warning or info | attributes that nobody could be sure of, or that other tools read otherwise |
| RB007 | error | broken front matter |
"""

from __future__ import annotations

from runbook_ls.document.attributes import Flaw
from runbook_ls.values import Fix, Problem, Related, Severity, Span, TextEdit

_LONGEST_FENCE = 40  # characters that a message quotes; there is no longest fence


def unclosed_fence(marker: str, span: Span, fix: Fix | None) -> Problem:
    """RB001. `span` is the opening fence."""
    line = f"a line {marker}" if len(marker) <= _LONGEST_FENCE else "its fence as a line"
    message = f"This code block is never closed: add {line} after its last command."
    return Problem("RB001", Severity.ERROR, message, span, fix)


def duplicate_name(given: str, unique: str, first: Span, span: Span) -> Problem:
    """RB005. `first` is the opening fence of the cell that has the name already; `unique` what this one is called
    instead."""
    message = (
        f"The name {given} is taken by the cell in line {first.start.line + 1}; this one is called {unique}."
    )
    related = (Related(first, f"This cell is called {given}."),)
    return Problem("RB005", Severity.WARNING, message, span, related=related)


def misread_attributes(flaw: Flaw, line: int, info_column: int) -> Problem:
    """RB006. `info_column` is where the info string begins in `line`."""
    span = Span.of(line, info_column + flaw.start, line, info_column + flaw.end)
    replacement = flaw.replacement.strip()
    severity = Severity.INFO if flaw.certain else Severity.WARNING
    message = f"Not every tool reads these attributes alike: {flaw.reason}. Write {replacement}."
    fix = Fix(f"Write {replacement}", (TextEdit(span, flaw.replacement),))
    return Problem("RB006", severity, message, span, fix)


def broken_front_matter(message: str, line: int, length: int) -> Problem:
    """RB007. `length` is that of the 0-based `line`, in code points."""
    return Problem("RB007", Severity.ERROR, message, Span.of(line, 0, line, length))
