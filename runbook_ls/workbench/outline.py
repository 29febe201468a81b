"""The sections and cells of a runbook as a tree, and what of it can be folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from runbook_ls.document.lines import without_ending
from runbook_ls.document.runbook import Cell, Heading
from runbook_ls.workbench.session import OpenDocument


@dataclass(slots=True)
class Entry:
    """A heading with its section, or a cell. Lines are 0-based; `end_line` is the last one that belongs to it."""

    title: str
    start_line: int
    end_line: int
    heading: Heading | None = None
    cell: Cell | None = None
    inside: list[Entry] = field(default_factory=list)


def outline(document: OpenDocument) -> list[Entry]:
    """The top of the tree: a section holds the cells and the sections of lower headings under it."""
    runbook = document.runbook
    last_line = max(0, len(document.lines) - 1)
    entries: list[Entry] = [
        *(
            Entry(heading.text or "(no title)", heading.line, last_line, heading)
            for heading in runbook.headings
        ),
        *(Entry(cell.name, cell.start_line, cell.end_line, cell=cell) for cell in runbook.cells),
    ]
    entries.sort(key=lambda entry: entry.start_line)
    top: list[Entry] = []
    open_sections: list[Entry] = []
    for entry in entries:
        if entry.heading is not None:
            while open_sections and _level(open_sections[-1]) >= entry.heading.level:
                open_sections.pop().end_line = max(entry.start_line - 1, 0)
        (open_sections[-1].inside if open_sections else top).append(entry)
        if entry.heading is not None:
            open_sections.append(entry)
    return top


def folds(document: OpenDocument) -> Iterator[tuple[int, int]]:
    """The first and last line of what can be folded: the front matter, sections, cells."""
    if document.runbook.first_line > 1:
        yield 0, document.runbook.first_line - 1
    waiting = outline(document)
    while waiting:
        entry = waiting.pop()
        waiting += entry.inside
        last = entry.end_line
        while last > entry.start_line and not without_ending(document.lines[last]).strip():
            last -= 1
        if last > entry.start_line:
            yield entry.start_line, last


def _level(entry: Entry) -> int:
    assert entry.heading is not None
    return entry.heading.level
