"""The few values that everyone passes around: positions, problems and their fixes.

Lines and columns are **0-based**; a column counts Unicode code points (a Python string index). A line ends at
`\\n`, `\\r\\n` or `\\r` and at nothing else, as LSP has it. Only `lsp/convert.py` knows other units, and only
what is printed for people or programs is 1-based.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


# Tuples, unlike the other values: a runbook has tens of thousands of them, and a frozen dataclass takes three times as
# long to make and to compare.
class Position(NamedTuple):
    """A place in a text: 0-based line, 0-based column in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """The text from `start` up to, but not including, `end`."""

    start: Position
    end: Position

    @classmethod
    def of(cls, line: int, column: int, end_line: int, end_column: int) -> Span:
        return cls(Position(line, column), Position(end_line, end_column))


class TextEdit(NamedTuple):
    """Replace the text of `span` by `text`. Nothing outside the span changes by a byte."""

    span: Span
    text: str


class Severity(str, Enum):
    """How bad a problem is. The value is the word that is printed."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"


class Fix(NamedTuple):
    """A safe repair of a problem: what it does, in one line, and its edits."""

    title: str
    edits: tuple[TextEdit, ...]


class Related(NamedTuple):
    """Another place of the same text that has to do with a problem, and in one sentence what."""

    span: Span
    message: str


class Problem(NamedTuple):
    """What is wrong with something. One type, for documents, lint and the guard.

    `code` is stable (`RB001`, `llm-unavailable`); `message` is one sentence for the reader. `span` lies in the
    text that was checked: the runbook for document and lint problems, the suggested body for the guard's; it is
    None when the problem has no place of its own.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()


class RunbookError(Exception):
    """Something the user can act on: one clear sentence that says what, where and what to do.

    Both faces print the sentence and nothing else. `exit_code` is the command line's (2: wrong use or refused).
    """

    def __init__(self, message: str, *, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code
