"""A code block of a runbook: what it says (`Code`), and as the cell it is where it stands (`Cell`).

`Code` does not know how many lines are above it, so an edit above leaves it as it is; the same block before and
after such an edit is the same object, and what was found out about it can be kept by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from runbook_ls.document.intents import choose_intent
from runbook_ls.document.sessions import Exchange, is_session, read_session
from runbook_ls.values import Fix, Position, Problem, Span, TextEdit


class Code(NamedTuple):
    """What a code block says. Lines are counted from the first line of the chunk that holds it."""

    kind: Literal["fence", "indented"]
    fence: str
    info: str
    language: str
    attributes: Mapping[str, str]
    body: str
    given_name: str  # "" if it has none
    closed: bool
    runnable: bool
    start_line: int
    end_line: int
    body_start_line: int
    column: int
    prefix: str
    body_columns: tuple[int, ...]
    body_padding: tuple[int, ...]
    problems: tuple[Problem, ...]

    def __hash__(self) -> int:
        # Its attributes have no hash; they come from `info` and `body`.
        return hash((self.info, self.body, self.start_line, self.prefix))


class Cell(NamedTuple):
    """One code block of a runbook.

    Lines are 0-based and absolute; `start_line` and `end_line` include the fences, and an unclosed block ends at
    its last line that is not blank. Cells compare by what they say and where they stand.
    """

    code: Code
    name: str  # unique in its runbook
    chunk_line: int  # where the chunk that holds the code begins
    heading_path: tuple[str, ...]  # the headings above, outermost first, as plain text
    lead: tuple[str, ...]  # the raw markdown of the paragraphs that may say what it is for, nearest last

    @property
    def explicit_name(self) -> bool:
        """Whether the runbook names it; else the name is derived from its first command."""
        return bool(self.code.given_name)

    @property
    def language(self) -> str:
        """In lower case; "" if none."""
        return self.code.language

    @property
    def info(self) -> str:
        """The raw text after the opening fence's marker."""
        return self.code.info

    @property
    def attributes(self) -> Mapping[str, str]:
        """Its attributes, read as they are meant."""
        return self.code.attributes

    @property
    def body(self) -> str:
        """The code: container prefixes removed, lines joined by `\\n`, no final newline."""
        return self.code.body

    @property
    def kind(self) -> Literal["fence", "indented"]:
        """Fenced or indented."""
        return self.code.kind

    @property
    def fence(self) -> str:
        """The opening marker, such as "```"; "" for an indented block."""
        return self.code.fence

    @property
    def closed(self) -> bool:
        """False for a fence without its closing fence."""
        return self.code.closed

    @property
    def runnable(self) -> bool:
        """Whether it is meant to be run: see `languages.is_runnable`."""
        return self.code.runnable

    @property
    def column(self) -> int:
        """Where the opening marker, or an indented block's first character, stands in its line (0-based)."""
        return self.code.column

    @property
    def prefix(self) -> str:
        """What a further line of the same container begins with: blanks for list markers, quote marks."""
        return self.code.prefix

    @property
    def body_columns(self) -> tuple[int, ...]:
        """Per body line, the column at which it begins in its source line, `body_start_line + i`."""
        return self.code.body_columns

    @property
    def body_padding(self) -> tuple[int, ...]:
        """Per body line, the blanks that stand for the rest of a tab cut in two; () if no tab was cut."""
        return self.code.body_padding

    @property
    def start_line(self) -> int:
        """The line of the opening fence, or the first line of an indented block."""
        return self.chunk_line + self.code.start_line

    @property
    def end_line(self) -> int:
        """The line of the closing fence, or the last line."""
        return self.chunk_line + self.code.end_line

    @property
    def body_start_line(self) -> int:
        """The line of the first body line."""
        return self.chunk_line + self.code.body_start_line

    @property
    def body_end_line(self) -> int:
        """The line after the last body line: the closing fence's line, where there is one."""
        return self.body_start_line + len(self.code.body_columns)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to run in it yet."""
        return not self.code.body.strip()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with its attributes."""
        return tuple(moved(problem, self.chunk_line) for problem in self.code.problems)

    @property
    def intent(self) -> str:
        """What it is for, in plain text; "" if the runbook says nothing about it."""
        return choose_intent(self.lead, self.heading_path[-1] if self.heading_path else "")

    @property
    def session(self) -> tuple[Exchange, ...]:
        """The commands and expected outputs of a shell-session block; () if it is none."""
        return read_session(self.body) if is_session(self.language, self.body) else ()

    @property
    def script(self) -> str:
        """What an interpreter gets: the body, or a shell session's commands without prompts and outputs."""
        if is_session(self.language, self.body):
            return "\n".join(exchange.command for exchange in read_session(self.body))
        return self.body

    def source_position(self, line: int, column: int) -> Position:
        """Where the body's 0-based (line, column) stands in the runbook's text."""
        code = self.code
        columns, start = code.body_columns, self.chunk_line + code.body_start_line
        if not columns:
            return Position(start, 0)
        line = min(line, len(columns) - 1)
        if code.body_padding:
            padding = code.body_padding[line]
            column = 0 if column < padding else column - padding + (padding > 0)
        return Position(start + line, columns[line] + column)

    def source_span(self, span: Span) -> Span:
        """A span of the body, moved to the runbook's text."""
        return Span(
            self.source_position(span.start.line, span.start.column),
            self.source_position(span.end.line, span.end.column),
        )


class Heading(NamedTuple):
    """A heading: its plain text, level 1 to 6, and 0-based line."""

    text: str
    level: int
    line: int


def moved(problem: Problem, lines: int) -> Problem:
    """The problem and its fix, `lines` further down."""
    if not lines:
        return problem
    fix = problem.fix and Fix(
        problem.fix.title, tuple(TextEdit(_moved(edit.span, lines), edit.text) for edit in problem.fix.edits)
    )
    span = problem.span and _moved(problem.span, lines)
    return Problem(problem.code, problem.severity, problem.message, span, fix)


def _moved(span: Span, lines: int) -> Span:
    return Span.of(span.start.line + lines, span.start.column, span.end.line + lines, span.end.column)
