"""What a runbook's chunks amount to: its cells with their names and headings, its headings, its problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runbook_ls.document.blocks import Chunk, CodeBlock, Prose, Title
from runbook_ls.document.cell import Cell, Code, Heading
from runbook_ls.document.intents import is_remark, is_table, plain_text
from runbook_ls.document.names import unique_names
from runbook_ls.document.problems import duplicate_name, unclosed_fence
from runbook_ls.values import Fix, Problem, Span, TextEdit

_LEAD = 3  # paragraphs before a cell that may introduce it


def derive_cells(chunks: Iterable[Chunk], first_line: int) -> tuple[Cell, ...]:
    """The cells of the chunks, of which the first begins at `first_line`."""
    found: list[tuple[Code, int, tuple[str, ...], tuple[str, ...]]] = []
    titles: list[Title] = []
    path: tuple[str, ...] = ()
    prose: list[tuple[Prose, int]] = []  # since the last cell or heading, with its chunk's line
    earlier: tuple[str, ...] = ()  # the lead of the cell before, under the same heading
    line = first_line
    for chunk in chunks:
        for block in chunk.blocks:
            if isinstance(block, Prose):
                prose.append((block, line))
            elif isinstance(block, CodeBlock):
                lead = _lead(prose, line, block.aside) or earlier
                found.append((block.code, line, path, lead))
                prose, earlier = [], lead
            else:
                titles = [title for title in titles if title.level < block.level] + [block]
                path = tuple(plain_text(title.markdown) for title in titles)
                prose, earlier = [], ()
        line += chunk.lines
    names = unique_names([(code.given_name, code.derived_name) for code, *_ in found])
    return tuple(
        Cell(code, name, at, above, lead) for name, (code, at, above, lead) in zip(names, found, strict=True)
    )


def _lead(prose: Sequence[tuple[Prose, int]], line: int, aside: int) -> tuple[str, ...]:
    """The paragraphs that may say what a cell is for, nearest last.

    Quotes and admonitions that do not hold the cell itself, and remarks ("Note: …"), count only if there is
    nothing else; tables never.
    """
    nearest = [(block, at) for block, at in prose[-2 * _LEAD :] if not is_table(block.markdown)]
    main = [
        block
        for block, at in nearest
        if (block.aside == -1 or (at == line and block.aside == aside)) and not is_remark(block.markdown)
    ] or [block for block, _ in nearest]
    lead: list[str] = []
    for block in reversed(main[-_LEAD:]):
        if block.depth != main[-1].depth:
            break  # a list in between: what is before it introduces the list
        lead.insert(0, block.markdown)
    return tuple(lead)


def derive_headings(chunks: Iterable[Chunk], first_line: int) -> tuple[Heading, ...]:
    """The headings of the chunks, of which the first begins at `first_line`."""
    headings: list[Heading] = []
    line = first_line
    for chunk in chunks:
        for block in chunk.blocks:
            if isinstance(block, Title):
                headings.append(Heading(plain_text(block.markdown), block.level, line + block.line))
        line += chunk.lines
    return tuple(headings)


def derive_problems(cells: Sequence[Cell], ending: str) -> tuple[Problem, ...]:
    """What is wrong with the cells, in order. `ending` is the file's line ending."""
    problems: list[Problem] = []
    named: dict[str, Cell] = {}
    for cell in cells:
        if not cell.closed:
            problems.append(unclosed_fence(cell.fence, _opening(cell), _closing_fence(cell, ending)))
        if cell.explicit_name:
            given = cell.code.given_name
            first = named.setdefault(given, cell)
            if first is not cell:
                problems.append(duplicate_name(given, cell.name, first.start_line, _opening(cell)))
        problems += cell.problems
    return tuple(problems)


def _opening(cell: Cell) -> Span:
    """The opening fence with its info string."""
    end = cell.column + len(cell.fence) + len(cell.info.rstrip())
    return Span.of(cell.start_line, cell.column, cell.start_line, end)


def _closing_fence(cell: Cell, ending: str) -> Fix | None:
    """The closing fence after the last line. None if a blank line or another fence in the block makes one doubt
    where it was meant to end."""
    lines = cell.body.split("\n") if cell.body_columns else []
    if any(not line.strip() or line.lstrip().startswith(("```", "~~~")) for line in lines):
        return None
    end = cell.source_position(len(lines) - 1, len(lines[-1])) if lines else _opening(cell).end
    # Text past the end of the opening line (trailing blanks) is no matter: a column is cut to its line.
    span = Span(end, end)
    return Fix("Close the code block", (TextEdit(span, ending + cell.prefix + cell.fence),))
