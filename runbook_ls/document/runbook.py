"""The values of a parsed runbook. Immutable; made by `document.parse`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from runbook_ls.values import Position, Problem, Span


@dataclass(frozen=True, slots=True)
class Cell:
    """One code block.

    `start_line` and `end_line` are 0-based and include the fences; an unclosed block ends at its last line that
    is not blank. `body` is what an interpreter gets: container prefixes removed, lines joined by `\\n`, no final
    newline. `body_columns[i]` is the column at which body line `i` begins in its source line, which is
    `body_start_line + i`.
    """

    name: str
    explicit_name: bool
    language: str  # lower case, "" if none
    info: str  # the raw text after the opening fence
    attributes: Mapping[str, str]
    body: str
    intent: str  # "" if the runbook says nothing about this cell
    heading_path: tuple[str, ...]
    kind: Literal["fence", "indented"]
    fence: str  # the opening marker, such as "```"; "" for an indented block
    closed: bool
    runnable: bool
    start_line: int
    end_line: int
    body_start_line: int
    body_columns: tuple[int, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def body_end_line(self) -> int:
        """The 0-based line after the last body line: the closing fence's line, where there is one."""
        return self.body_start_line + len(self.body_columns)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to run in it yet."""
        return not self.body.strip()

    def source_position(self, line: int, column: int) -> Position:
        """Where the body's 0-based (line, column) stands in the runbook's text."""
        if not self.body_columns:
            return Position(self.body_start_line, 0)
        line = min(line, len(self.body_columns) - 1)
        return Position(self.body_start_line + line, self.body_columns[line] + column)

    def source_span(self, span: Span) -> Span:
        """A span of the body, moved to the runbook's text."""
        return Span(
            self.source_position(span.start.line, span.start.column),
            self.source_position(span.end.line, span.end.column),
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its plain text, level 1 to 6, and 0-based line."""

    text: str
    level: int
    line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the markers at the top. `data` is {} where it is broken (a problem then says so).

    `end_line` is the 0-based line after the closing marker.
    """

    format: Literal["yaml", "toml", "json"]
    data: Mapping[str, object]
    end_line: int


@dataclass(frozen=True, slots=True)
class Runbook:
    """One markdown file, parsed. `problems` holds what is wrong with the file; parsing never raises."""

    text: str
    cells: tuple[Cell, ...] = ()
    headings: tuple[Heading, ...] = ()
    front_matter: FrontMatter | None = None
    problems: tuple[Problem, ...] = field(default=())

    def cell_at(self, line: int) -> Cell | None:
        """The cell that has the 0-based `line`, fences included."""
        return next((cell for cell in self.cells if cell.start_line <= line <= cell.end_line), None)
