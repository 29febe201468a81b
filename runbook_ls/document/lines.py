"""Lines as LSP and CommonMark have them: they end at `\\n`, `\\r\\n` or `\\r`, and at nothing else.

`str.splitlines` also ends lines at form feed, U+2028 and others, so it must not be used on a runbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from runbook_ls.values import Position, TextEdit

BOM = "\ufeff"
LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def split_lines(text: str) -> list[str]:
    """The lines of `text`, each with its ending. They join to `text`; an empty text has none."""
    lines = text.splitlines(keepends=True)
    if len(lines) == count_line_ends(text) + (text[-1:] not in ("\n", "\r", "")):
        return lines  # else it saw other ends of lines too
    return _LINE.findall(text)


def count_line_ends(text: str) -> int:
    """How many line ends there are in `text`."""
    if "\r" not in text:
        return text.count("\n")
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def line_ending(line: str) -> str:
    """The ending of one line: `\\n`, `\\r\\n`, `\\r`, or `""` for a last line without one."""
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1] if line.endswith(("\n", "\r")) else ""


def first_line_ending(text: str) -> str:
    """The line ending that a text uses: its first one, `\\n` if it has none."""
    match = LINE_END.search(text)
    return match[0] if match else "\n"


def without_ending(line: str) -> str:
    """The line without its ending."""
    return line.rstrip("\r\n")


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """`text` after `edits`, which are all in the coordinates of `text` and do not overlap (as LSP has it).

    A position past the end of a line means the end of that line, before its ending; one past the last line the
    end of the text. Edits at the same position keep their order.
    """
    lines = split_lines(text)
    starts = [0, *accumulate(map(len, lines))]

    def offset(position: Position) -> int:
        if position.line >= len(lines):
            return len(text)
        return starts[position.line] + min(position.column, len(without_ending(lines[position.line])))

    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start = offset(edit.span.start)
        pieces += (text[done:start], edit.text)
        done = max(start, offset(edit.span.end))
    return "".join((*pieces, text[done:]))
