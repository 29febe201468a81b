"""How the author of an open runbook says that a problem is meant."""

from __future__ import annotations

from collections.abc import Iterator

from runbook_ls.document.lines import first_line_ending, without_ending
from runbook_ls.lint import surroundings
from runbook_ls.lint.catalogue import name_of
from runbook_ls.lint.ignores import UNUSED
from runbook_ls.values import Problem, Span, TextEdit
from runbook_ls.workbench.session import OpenDocument


def ways_to_ignore(document: OpenDocument, problem: Problem) -> Iterator[tuple[str, TextEdit]]:
    """Titles and edits: a comment for the problem's cell or line, and one for the whole file.

    None for a comment that is not needed, and for problems that no comment can silence. No comment goes where it would
    end a list or change what a cell runs.
    """
    name = name_of(problem.code) or ("shellcheck" if problem.code.startswith("SC") else "")
    if problem.code in (UNUSED, surroundings.PROGRAM) or problem.span is None or not name:
        return  # what a machine lacks is nothing that the text should speak of
    opening, closing = ("{/*", "*/}") if document.file.lower().endswith(".mdx") else ("<!--", "-->")
    ending = first_line_ending("".join(document.lines[:1]))
    here = f"{opening} runbook-ls: ignore {problem.code} {closing}"
    is_of_file = problem.span == Span.of(0, 0, 0, 0)  # which has no place of its own
    place = None if is_of_file else _place(document, problem.span.start.line, here, ending)
    if place is not None:
        cell = document.runbook.cell_at(problem.span.start.line)
        yield f"Ignore {problem.code} ({name}) {'in this cell' if cell else 'here'}", place
    top = document.runbook.first_line
    everywhere = f"{opening} runbook-ls: ignore-file {problem.code} {closing}{ending}"
    yield f"Ignore {problem.code} ({name}) in this file", TextEdit(Span.of(top, 0, top, 0), everywhere)


def _place(document: OpenDocument, line: int, comment: str, ending: str) -> TextEdit | None:
    """Above a cell or a heading, at the end of a line of prose; None where neither can be."""
    cell = document.runbook.cell_at(line)
    if line < document.runbook.first_line or line >= len(document.lines):
        return None
    first = cell.start_line if cell else line
    text = without_ending(document.lines[first])
    if cell is None and not text.lstrip(" >").startswith("#"):
        return TextEdit(Span.of(first, len(text), first, len(text)), f" {comment}")
    before = text[: cell.column] if cell else text[: len(text) - len(text.lstrip(" >"))]
    if (cell is not None and cell.kind != "fence") or before.strip(" \t>"):
        return None  # an indented block would take the comment for code; a list item begins with the fence
    return TextEdit(Span.of(first, 0, first, 0), before + comment + ending)
