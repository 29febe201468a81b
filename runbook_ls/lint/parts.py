"""What the rules say about the parts of a runbook, remembered: a keystroke changes one part of many.

The parts are the pages and chunks of the document. They are immutable, and versions of a runbook share them, so
what was found in one is kept with it, in lines that are counted from its own first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from runbook_ls.document.blocks import Chunk, CodeBlock, Prose
from runbook_ls.document.lines import split_lines
from runbook_ls.document.outline import Place, outline_of
from runbook_ls.document.pages import Page
from runbook_ls.document.remembered import Remembered
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import commands_to_run
from runbook_ls.lint.needs import Needs
from runbook_ls.lint.rule import Mark, Rule, Spot
from runbook_ls.values import Fix, Position, Related, Span, TextEdit

Found = tuple[Rule, Spot]


class Looks:
    """Those of the rules that look at parts, sorted by what they look at; known by its identity."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.cells = Needs(rule for rule in rules if rule.cell)
        self.shells = Needs(rule for rule in rules if rule.shell)
        self.prose = Needs(rule for rule in rules if rule.prose)


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
        found = _pages.get(page, looks, partial(_in_page, page, runbook.text, offset, looks))
        yield line, page, found
        line += page.lines
        offset += page.size


def _in_page(page: Page, text: str, offset: int, looks: Looks) -> tuple[Found, ...]:
    found: list[Found] = []
    for line, start, chunk in _places(page, text, offset, looks.prose):
        for rule, spot in _chunks.get(chunk, looks, partial(_in_chunk, chunk, text, offset + start, looks)):
            found.append((rule, moved(spot, line)))
    return tuple(found)


def _places(page: Page, text: str, offset: int, prose: Needs) -> Iterable[Place]:
    """The chunks of a page in which rules can find anything, and the line and offset in it at which each begins.

    A word that is not in the text of a chunk is not in its prose: few chunks without code need a look.
    """
    lines, starts, code, _ = outline_of(page)
    if prose.words is None:
        return zip(lines, starts, page.chunks, strict=True)
    wanted: dict[int, Place] = {}
    end = offset + page.size
    for word in prose.words:
        at = text.find(word, offset, end)
        while at >= 0:
            index = bisect_right(starts, at - offset) - 1
            start, chunk = starts[index], page.chunks[index]
            wanted[start] = lines[index], start, chunk
            at = text.find(word, offset + start + chunk.size, end)
    if not wanted:
        return code
    wanted.update((place[1], place) for place in code)
    return [wanted[start] for start in sorted(wanted)]


def _in_chunk(chunk: Chunk, text: str, offset: int, looks: Looks) -> tuple[Found, ...]:
    found: list[Found] = []
    lines: Sequence[str] = ()  # split when first needed: a long list is one chunk with many links
    for block in chunk.blocks:
        if isinstance(block, CodeBlock):
            found += _in_cell(Cell(block.code, "", 0, (), ()), looks)
            continue
        end_line = block.end_line if isinstance(block, Prose) else block.line + 1
        for rule in looks.prose.met_by(block.markdown):
            for mark in rule.prose(block.markdown) if rule.prose else ():
                lines = lines or split_lines(text[offset : offset + chunk.size])
                span = _place_of(mark, block.markdown, block.line, end_line, lines)
                found.append((rule, Spot(span, mark.message)))
    return tuple(found)


def _in_cell(cell: Cell, looks: Looks) -> list[Found]:
    found: list[Found] = []
    body = cell.body
    for rule in looks.cells.met_by(body):
        for spot in rule.cell(cell) if rule.cell else ():
            found.append((rule, spot))
    commands = commands_to_run(cell) if looks.shells.rules else None
    for rule in looks.shells.met_by(body) if commands else ():
        for spot in rule.shell(cell, commands) if rule.shell and commands else ():
            found.append((rule, spot))
    return found


def _place_of(mark: Mark, markdown: str, first: int, end: int, lines: Sequence[str]) -> Span:
    """Where a mark stands in the lines of its chunk; its whole line where that cannot be told."""
    number = markdown.count("\n", 0, mark.start)
    begin = markdown.rfind("\n", 0, mark.start) + 1
    stop = markdown.find("\n", begin)
    written = markdown[begin : len(markdown) if stop < 0 else stop]
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
        spot.fix.title, tuple(TextEdit(moved_span(edit.span, lines), edit.text) for edit in spot.fix.edits)
    )
    related = spot.related and tuple(
        Related(moved_span(other.span, lines), other.message) for other in spot.related
    )
    return Spot(moved_span(spot.span, lines), spot.message, fix, spot.severity, related)


def moved_span(span: Span, lines: int) -> Span:
    """The span, so many lines further down."""
    start, end = span.start, span.end
    return Span(Position(start.line + lines, start.column), Position(end.line + lines, end.column))
