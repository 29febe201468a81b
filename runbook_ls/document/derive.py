"""What a runbook's chunks amount to: its cells with their names and headings, its headings, its problems.

Cells are worked out page by page. What is above a page matters to it only through its `Context`, so a page that
has the same context as in an earlier version of the runbook, and stands on the same line, has the same cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from runbook_ls.document.blocks import CodeBlock, Prose
from runbook_ls.document.cell import Cell, Code, Heading
from runbook_ls.document.intents import is_remark, is_table, plain_text
from runbook_ls.document.names import unique_names
from runbook_ls.document.pages import Page, Pages, all_chunks
from runbook_ls.document.problems import duplicate_name, unclosed_fence
from runbook_ls.values import Fix, Problem, Span, TextEdit

_LEAD = 3  # paragraphs before a cell that may introduce it


class _Paragraph(NamedTuple):
    markdown: str
    depth: int
    aside: tuple[int, int] | None  # the quote or admonition that holds it: chunk and place in it


@dataclass(frozen=True, slots=True)
class Context:
    """What is above a page, as far as its cells depend on it."""

    headings: tuple[tuple[int, str], ...] = ()  # level and plain text
    prose: tuple[_Paragraph, ...] = ()  # since the last cell or heading
    earlier: tuple[str, ...] = ()  # the lead of the cell before, under the same heading


class _Draft(NamedTuple):
    """A cell before it has a name; `line` is that of its chunk, in the page."""

    code: Code
    line: int
    heading_path: tuple[str, ...]
    lead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageCells:
    """The cells of a page, and what they were derived from."""

    above: Context
    below: Context
    drafts: tuple[_Draft, ...]
    line: int
    names: tuple[str, ...]
    cells: tuple[Cell, ...]


def derive_cells(
    pages: Pages, first_line: int, known: Mapping[Page, PageCells]
) -> tuple[tuple[Cell, ...], dict[Page, PageCells]]:
    """The cells of the pages, of which the first begins at `first_line`; and what is now known about each page.

    `known` is what an earlier version of the runbook knew.
    """
    drafted: list[tuple[PageCells | None, Context, Context, tuple[_Draft, ...]]] = []
    context = Context()
    for page in pages:
        before = known.get(page)
        if before is not None and before.above == context:
            drafted.append((before, context, before.below, before.drafts))
        else:
            drafts, below = _read_page(page, context)
            drafted.append((None, context, below, drafts))
        context = drafted[-1][2]
    names = unique_names(
        tuple((draft.code.given_name, draft.code.derived_name) for entry in drafted for draft in entry[3])
    )
    cells: list[Cell] = []
    now_known: dict[Page, PageCells] = {}
    line = first_line
    for page, (before, above, below, drafts) in zip(pages, drafted, strict=True):
        own = names[len(cells) : len(cells) + len(drafts)]
        if before is None or before.line != line or before.names != own:
            placed = tuple(
                Cell(draft.code, name, line + draft.line, draft.heading_path, draft.lead)
                for draft, name in zip(drafts, own, strict=True)
            )
            before = PageCells(above, below, drafts, line, own, placed)
        now_known[page] = before
        cells += before.cells
        line += page.lines
    return tuple(cells), now_known


def _read_page(page: Page, above: Context) -> tuple[tuple[_Draft, ...], Context]:
    """The cells of a page below this context, and the context that is below them."""
    drafts: list[_Draft] = []
    headings, prose, earlier = above.headings, list(above.prose), above.earlier
    path = tuple(text for _, text in headings)
    line = 0
    for number, chunk in enumerate(page.chunks):
        for block in chunk.blocks:
            if isinstance(block, Prose):
                aside = None if block.aside < 0 else (number, block.aside)
                prose.append(_Paragraph(block.markdown, block.depth, aside))
            elif isinstance(block, CodeBlock):
                lead = earlier
                if prose:
                    lead = (
                        _lead(prose, block.depth, None if block.aside < 0 else (number, block.aside))
                        or earlier
                    )
                drafts.append(_Draft(block.code, line, path, lead))
                if block.code.runnable or not earlier:
                    earlier = lead  # what introduces an output does not introduce the cell below it
                prose = []
            else:
                title = (block.level, plain_text(block.markdown))
                headings = (*(above for above in headings if above[0] < block.level), title)
                path = tuple(text for _, text in headings)
                prose, earlier = [], ()
        line += chunk.lines
    # No quote goes on in the next page.
    left = tuple(_Paragraph(text, depth, aside and (-1, -1)) for text, depth, aside in prose[-2 * _LEAD :])
    return tuple(drafts), Context(headings, left, earlier)


def _lead(prose: Sequence[_Paragraph], depth: int, aside: tuple[int, int] | None) -> tuple[str, ...]:
    """The paragraphs that may say what a cell with so many containers around it is for, nearest last.

    Of a list between them and the cell, a single item counts as its introduction; several are an enumeration.
    Quotes and admonitions that do not hold the cell itself, and remarks ("Note: …"), count only if there is
    nothing else; tables never.
    """
    nearest = [paragraph for paragraph in prose[-2 * _LEAD :] if not is_table(paragraph.markdown)]
    main = [
        paragraph
        for paragraph in nearest
        if paragraph.aside in (None, aside) and not is_remark(paragraph.markdown)
    ] or nearest
    runs = [tuple(run) for _, run in groupby(main, key=lambda paragraph: paragraph.depth)]
    if len(runs) > 1 and len(runs[-1]) > 1 and runs[-1][0].depth > depth:
        runs.pop()
    return tuple(paragraph.markdown for paragraph in runs[-1][-_LEAD:]) if runs else ()


def derive_headings(pages: Pages, first_line: int) -> tuple[Heading, ...]:
    """The headings of the pages, of which the first begins at `first_line`."""
    headings: list[Heading] = []
    line = first_line
    for chunk in all_chunks(pages):
        for block in chunk.blocks:
            if not isinstance(block, Prose | CodeBlock):
                headings.append(Heading(plain_text(block.markdown), block.level, line + block.line))
        line += chunk.lines
    return tuple(headings)


def derive_problems(cells: Sequence[Cell], ending: str) -> tuple[Problem, ...]:
    """What is wrong with the cells, in order. `ending` is the file's line ending."""
    problems: list[Problem] = []
    named: dict[str, Cell] = {}
    for cell in cells:
        code = cell.code
        if not code.closed:
            problems.append(unclosed_fence(code.fence, _opening(cell), _closing_fence(cell, ending)))
        if code.given_name:
            first = named.setdefault(code.given_name, cell)
            if first is not cell:
                problems.append(duplicate_name(code.given_name, cell.name, _opening(first), _opening(cell)))
        if code.problems:
            problems += cell.problems
    return tuple(problems)


def _opening(cell: Cell) -> Span:
    """The opening fence with its info string."""
    end = cell.column + len(cell.fence) + len(cell.info)
    return Span.of(cell.start_line, cell.column, cell.start_line, end)


def _closing_fence(cell: Cell, ending: str) -> Fix | None:
    """The closing fence after the last line. None if a blank line or another fence in the block makes one doubt
    where it was meant to end."""
    lines = cell.body.split("\n") if cell.body_columns else []
    if any(not line.strip() or line.lstrip().startswith(("```", "~~~")) for line in lines):
        return None
    end = cell.source_position(len(lines) - 1, len(lines[-1])) if lines else _opening(cell).end
    return Fix("Close the code block", (TextEdit(Span(end, end), ending + cell.prefix + cell.fence),))
