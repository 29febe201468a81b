"""What a runbook's chunks amount to: its cells with their names and headings, its headings, its problems.

Cells are worked out page by page. What is above a page matters to it only through its `Context`, so a page that
has the same context as in an earlier version of the runbook, and stands on the same line, has the same cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from runbook_ls.document.blocks import CodeBlock, Prose
from runbook_ls.document.cell import Cell, Code, Heading
from runbook_ls.document.intents import is_remark, is_table, plain_text
from runbook_ls.document.names import derive_name, unique_names
from runbook_ls.document.outline import outline_of
from runbook_ls.document.pages import Page, Pages, all_chunks
from runbook_ls.document.problems import duplicate_name, unclosed_fence
from runbook_ls.values import Fix, Problem, Span, TextEdit

_LEAD = 3  # paragraphs before a cell that may introduce it


class _Paragraph(NamedTuple):
    markdown: str
    depth: int
    aside: tuple[int, int] | None  # the quote or admonition that holds it: chunk and place in it


class Context(NamedTuple):
    """What is above a page, as far as its cells depend on it."""

    headings: tuple[tuple[int, str], ...] = ()  # level and plain text
    prose: tuple[_Paragraph, ...] = ()  # since the last cell or heading
    earlier: tuple[str, ...] = ()  # the lead of the cell before, under the same heading


class PageCells(NamedTuple):
    """The cells of a page, and what they were derived from."""

    above: Context
    below: Context
    drafts: tuple[Cell, ...]  # before they have a name, in the lines of the page
    asked: tuple[tuple[str, str], ...]  # the given and the derived name of each
    line: int
    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    flawed: tuple[Cell, ...]  # those of the cells that have a problem


def derive_cells(pages: Pages, first_line: int, known: Mapping[Page, PageCells]) -> dict[Page, PageCells]:
    """The cells of each page, in order; the first page begins at `first_line`.

    `known` is what an earlier version of the runbook knew.
    """
    drafted: list[PageCells] = []
    context = Context()
    for page in pages:
        before = known.get(page)
        if before is None or before.above != context:
            drafts, below = _read_page(page, context)
            asked = tuple((draft.code.given_name, derive_name(draft.code.body)) for draft in drafts)
            before = PageCells(context, below, drafts, asked, -1, (), (), ())
        drafted.append(before)
        context = before.below
    names = unique_names(tuple(chain.from_iterable(entry.asked for entry in drafted)))
    now_known: dict[Page, PageCells] = {}
    line, passed = first_line, 0
    for page, entry in zip(pages, drafted, strict=True):
        own = names[passed : passed + len(entry.drafts)]
        if entry.line != line or entry.names != own:
            entry = _placed(entry, line, own)
        now_known[page] = entry
        passed += len(own)
        line += page.lines
    return now_known


def _placed(entry: PageCells, line: int, names: tuple[str, ...]) -> PageCells:
    """The cells with these names, in a page that begins at `line`."""
    cells = tuple(
        Cell(draft.code, name, line + draft.chunk_line, draft.heading_path, draft.lead)
        for draft, name in zip(entry.drafts, names, strict=True)
    )
    flawed = tuple(cell for cell in cells if _is_flawed(cell.code, cell.name))
    return PageCells(entry.above, entry.below, entry.drafts, entry.asked, line, names, cells, flawed)


def _is_flawed(code: Code, name: str) -> bool:
    return not code.closed or bool(code.problems) or _is_renamed(code, name)


def _is_renamed(code: Code, name: str) -> bool:
    """True if the name it is given was taken."""
    return code.given_name not in ("", name)


def _read_page(page: Page, above: Context) -> tuple[tuple[Cell, ...], Context]:
    """The cells of a page below this context, and the context that is below them."""
    drafts: list[Cell] = []
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
                drafts.append(Cell(block.code, "", line, path, lead))
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


def may_have_problems(pages: Pages) -> bool:
    """False if nothing can be wrong with the cells of these pages, whatever they will be called."""
    given: list[str] = []
    for page in pages:
        for _, _, chunk in outline_of(page).code:
            for block in chunk.blocks:
                if isinstance(block, CodeBlock):
                    code = block.code
                    if not code.closed or code.problems:
                        return True
                    if code.given_name:
                        given.append(code.given_name)
    return len(set(given)) < len(given)


def derive_problems(known: Mapping[Page, PageCells], ending: str) -> tuple[Problem, ...]:
    """What is wrong with the cells of these pages, in order. `ending` is the file's line ending."""
    problems: list[Problem] = []
    for entry in known.values():
        for cell in entry.flawed:
            code = cell.code
            if not code.closed:
                problems.append(unclosed_fence(code.fence, _opening(cell), _closing_fence(cell, ending)))
            if _is_renamed(code, cell.name):
                first = _called(code.given_name, known)
                problems.append(duplicate_name(code.given_name, cell.name, _opening(first), _opening(cell)))
            if code.problems:
                problems += cell.problems
    return tuple(problems)


def _called(name: str, known: Mapping[Page, PageCells]) -> Cell:
    """The cell that has this name."""
    entry = next(entry for entry in known.values() if name in entry.names)
    return entry.cells[entry.names.index(name)]


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
