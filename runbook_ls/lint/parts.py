"""What the rules say about the parts of a runbook, remembered: a keystroke changes one part of many.

The parts are the pages and chunks of the document. They are immutable, and versions of a runbook share them, so
what was found in one is kept with it, in lines that are counted from its own first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from runbook_ls.document.blocks import Chunk, CodeBlock, Prose
from runbook_ls.document.lines import split_lines
from runbook_ls.document.pages import Page
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.remembered import Remembered
from runbook_ls.lint.rule import Mark, Rule, Spot
from runbook_ls.values import Fix, Position, Related, Span, TextEdit

Found = tuple[Rule, Spot]


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """The rules that look at parts, sorted by what they look at; known by its identity."""

    cells: tuple[Rule, ...]
    prose: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Looks:
        """Those of the rules that look at parts."""
        chosen = tuple(rules)
        return cls(tuple(rule for rule in chosen if rule.cell), tuple(rule for rule in chosen if rule.prose))


_pages: Remembered[tuple[Found, ...]] = Remembered()
_chunks: Remembered[tuple[Found, ...]] = Remembered()


def spots_of_parts(runbook: Runbook, looks: Looks) -> Iterator[tuple[int, Rule, Spot]]:
    """What the rules that look at parts say, each with the line from which its spot is counted."""
    for line, _, found in spots_of_pages(runbook, looks):
        for rule, spot in found:
            yield line, rule, spot


def spots_of_pages(runbook: Runbook, looks: Looks) -> Iterator[tuple[int, Page, tuple[Found, ...]]]:
    """The same page by page: where the page begins, and what they say of it. For who sums up what they say of a page,
    and keeps that with it."""
    line, offset = runbook.first_line, runbook.head.size
    for page in runbook.pages:

        def look(page: Page = page, offset: int = offset) -> tuple[Found, ...]:
            return tuple(_page(page, runbook.text, offset, looks))

        yield line, page, _pages.get(page, looks, look)
        line += page.lines
        offset += page.size


def _page(page: Page, text: str, offset: int, looks: Looks) -> Iterator[Found]:
    line = 0
    for chunk in page.chunks:

        def look(chunk: Chunk = chunk, offset: int = offset) -> tuple[Found, ...]:
            return tuple(_chunk(chunk, lambda: text[offset : offset + chunk.size], looks))

        for rule, spot in _chunks.get(chunk, looks, look):
            yield rule, moved(spot, line)
        line += chunk.lines
        offset += chunk.size


def _chunk(chunk: Chunk, source: Callable[[], str], looks: Looks) -> Iterator[Found]:
    for block in chunk.blocks:
        if isinstance(block, CodeBlock):
            cell = Cell(block.code, "", 0, (), ())
            yield from ((rule, spot) for rule in looks.cells if rule.cell for spot in rule.cell(cell))
            continue
        end_line = block.end_line if isinstance(block, Prose) else block.line + 1
        for rule in looks.prose:
            for mark in rule.prose(block.markdown) if rule.prose else ():
                span = _in_chunk(mark, block.markdown, block.line, end_line, source())
                yield rule, Spot(span, mark.message)


def _in_chunk(mark: Mark, markdown: str, first: int, end: int, source: str) -> Span:
    """Where a mark stands in the lines of its chunk; its whole line where that cannot be told."""
    number = markdown.count("\n", 0, mark.start)
    begin = markdown.rfind("\n", 0, mark.start) + 1
    stop = markdown.find("\n", begin)
    written = markdown[begin : len(markdown) if stop < 0 else stop]
    lines = split_lines(source)
    line = min(first + number, end - 1, len(lines) - 1)
    text = lines[line].rstrip("\r\n")
    at = text.find(written)
    if at < 0:
        return Span.of(line, 0, line, len(text))
    start = at + mark.start - begin
    return Span.of(line, start, line, min(start + mark.end - mark.start, len(text)))


def moved(spot: Spot, lines: int) -> Spot:
    """The spot, so many lines further down."""
    if not lines:
        return spot
    fix = spot.fix and Fix(
        spot.fix.title, tuple(TextEdit(_moved(edit.span, lines), edit.text) for edit in spot.fix.edits)
    )
    related = tuple(Related(_moved(other.span, lines), other.message) for other in spot.related)
    return Spot(_moved(spot.span, lines), spot.message, fix, spot.severity, related)


def _moved(span: Span, lines: int) -> Span:
    start, end = span.start, span.end
    return Span(Position(start.line + lines, start.column), Position(end.line + lines, end.column))
