"""Minimal edits of a runbook. Nothing outside an edit changes by a byte.

Every function returns edits in the coordinates of `runbook.text`, in the file's own line ending, with the
indentation and the quote marks of the containers that hold the cell.
"""

from __future__ import annotations

import re

from runbook_ls.document.blocks import continuation
from runbook_ls.document.lines import line_ending, split_lines, without_ending
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.values import Span, TextEdit

_LINE_END = re.compile(r"\r\n|\r|\n")


def replace_body(runbook: Runbook, cell: Cell, body: str) -> tuple[TextEdit, ...]:
    """The edits that make `body` the body of `cell`: its changed lines only, and longer fences if it needs them.

    Line ends in `body` become the file's own; one final line end is dropped. An unclosed fence is closed. An
    indented block that cannot hold `body` (empty, or blank at an end) becomes a fenced one.
    """
    lines = split_lines(runbook.text)
    ending = line_ending(lines[cell.start_line]) or line_ending(lines[0]) or "\n"
    new = _body_lines(body)
    if cell.kind == "indented":
        return _replace_indented(cell, new, lines, ending)
    return _replace_fenced(cell, new, lines, ending)


def _body_lines(body: str) -> list[str]:
    lines = _LINE_END.split(body)
    if lines[-1] == "":
        lines.pop()
    return lines


def _replace_fenced(cell: Cell, new: list[str], lines: list[str], ending: str) -> tuple[TextEdit, ...]:
    prefix = continuation(lines[cell.start_line], cell.column)
    fence = _long_enough(cell.fence, new)
    old = cell.body.split("\n") if cell.body_columns else []
    head, tail = _common_ends(old, new)
    written = [_join(prefix, line) for line in new[head : len(new) - tail]]
    first = cell.body_start_line + head
    last = cell.body_end_line - tail
    edits: list[TextEdit] = []
    growth = fence[len(cell.fence) :]
    if growth:
        edits.append(_insert(cell.start_line, cell.column, growth))
    if not cell.closed:
        written += [*(_join(prefix, line) for line in new[len(new) - tail :]), prefix + fence]
        end_line = cell.body_end_line - 1
        end = len(without_ending(lines[end_line]))
        before = len(without_ending(lines[first - 1]))
        edits.append(
            TextEdit(Span.of(first - 1, before, end_line, end), "".join(ending + line for line in written))
        )
        return tuple(edits)
    if first != last or written:
        text = "".join(line + ending for line in written)
        edits.append(TextEdit(Span.of(first, 0, last, 0), text))
    if growth:
        closing = without_ending(lines[cell.body_end_line])
        edits.append(_insert(cell.body_end_line, len(closing.rstrip(" \t")), growth))
    return tuple(edits)


def _replace_indented(cell: Cell, new: list[str], lines: list[str], ending: str) -> tuple[TextEdit, ...]:
    first, last = cell.start_line, cell.body_end_line - 1
    end = len(without_ending(lines[last]))
    source = lines[first]
    cut = cell.body_padding[0] if cell.body_padding else 0
    width = _width(source[: cell.body_columns[0] + (cut > 0)]) - cut
    if new and new[0].strip() and new[-1].strip():
        if cell.body == "\n".join(new):
            return ()
        written = new
    else:
        width -= 4
        fence = _long_enough("```", new)
        written = [fence, *new, fence]
    column = cell.body_columns[0]
    while _width(source[:column]) > width:
        column -= 1
    padding = " " * (width - _width(source[:column]))
    prefix = continuation(source, column) + padding
    text = padding + ending.join([written[0], *(_join(prefix, line) for line in written[1:])])
    return (TextEdit(Span.of(first, column, last, end), text),)


def _width(text: str) -> int:
    """How many columns the text takes with tab stops of four, as CommonMark counts."""
    return len(text.expandtabs(4))


def _common_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines at the start and at the end both have in common, without overlap."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return head, tail


def _long_enough(fence: str, body: list[str]) -> str:
    """The fence, or a longer one of its kind that no line of the body closes."""
    run = re.compile(rf"[ \t>]*({re.escape(fence[0])}{{3,}})")
    longest = max((len(match[1]) for line in body if (match := run.match(line))), default=0)
    return fence[0] * max(len(fence), longest + 1)


def _join(prefix: str, line: str) -> str:
    return prefix + line if line else prefix.rstrip(" \t")


def _insert(line: int, column: int, text: str) -> TextEdit:
    return TextEdit(Span.of(line, column, line, column), text)
