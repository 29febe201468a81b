"""A document's text as lines: an edit costs what it touches, and nothing is joined until somebody wants it whole."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_ls.document.lines import split_lines, without_ending
from runbook_ls.values import Position, Span, TextEdit


def splice(lines: list[str], span: Span, text: str) -> None:
    """Replace `span` by `text` in a document's LSP lines (ends kept), in place.

    A position past the end of a line means the end of that line, before its ending; one past the last line the end
    of the text. The line above is looked at again: its `\\r` and a `\\n` that comes to stand behind it are one end.
    """
    start, before = _cut(lines, span.start)
    end, _ = _cut(lines, span.end)
    after = _rest(lines, span.end)
    if end < start:
        end, after = start, _rest(lines, span.start)
    first = max(0, start - 1)
    above = lines[first] if first < start else ""
    lines[first : end + 1] = split_lines(above + before + text + after)


def narrowed(lines: Sequence[str], span: Span, text: str) -> TextEdit:
    """The replacement of `span` by `text` without the lines at its beginning and end that it leaves as they are: a
    client may send a whole document for one new word."""
    start, end = span
    if start.line >= end.line or end.line > len(lines):
        return TextEdit(span, text)
    new = split_lines(text)
    first, last = 0, len(new)
    while first < last and start.line < end.line and new[first] == lines[start.line][start.column :]:
        start, first = Position(start.line + 1, 0), first + 1
    while last > first and end.column == 0 and (above := Position(end.line - 1, 0)) >= start:
        if new[last - 1] != lines[above.line]:
            break
        end, last = above, last - 1
    return TextEdit(Span(start, end), "".join(new[first:last]))


def _cut(lines: list[str], position: Position) -> tuple[int, str]:
    """The line that holds the position, and what of it is before the position."""
    if position.line >= len(lines):
        return len(lines), ""
    line = without_ending(lines[position.line])
    return position.line, line[: position.column]


def _rest(lines: list[str], position: Position) -> str:
    """What of its line is after the position, the ending included."""
    if position.line >= len(lines):
        return ""
    line = lines[position.line]
    return line[min(position.column, len(without_ending(line))) :]
