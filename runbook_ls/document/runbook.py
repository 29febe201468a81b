"""A parsed runbook: one markdown file. Immutable; made by `document.parse` and `document.reparse`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from runbook_ls.document.cell import Cell, Code, Heading
from runbook_ls.document.derive import (
    PageCells,
    derive_cells,
    derive_headings,
    derive_problems,
    may_have_problems,
)
from runbook_ls.document.flavour import Flavour
from runbook_ls.document.front_matter import FrontMatter, Head
from runbook_ls.document.lines import first_line_ending
from runbook_ls.document.pages import Page, Pages
from runbook_ls.values import Problem

__all__ = ["Cell", "Code", "FrontMatter", "Heading", "Runbook"]


class Former(NamedTuple):
    """The pages of an earlier version of a runbook, most of which an edit changed: who opens a fence and closes it
    wants them back. The last `tail` code points of that version are those of the runbook at hand."""

    pages: Pages
    known: Mapping[Page, PageCells]
    tail: int


@dataclass(frozen=True)
class Runbook:
    """One markdown file, parsed.

    Its text and flavour are all there is to it. What the text holds is worked out when first asked for; the parts
    that a later version of it has in common with this one are shared with it. What others find out about it, or about
    a page or chunk of it, is kept in the `memo` there.
    """

    text: str
    flavour: Flavour
    head: Head = field(compare=False, repr=False)
    pages: Pages = field(compare=False, repr=False)
    inherited: Mapping[Page, PageCells] = field(default_factory=dict, compare=False, repr=False)
    former: Former | None = field(default=None, compare=False, repr=False)
    memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def front_matter(self) -> FrontMatter | None:
        """The front matter, if there is any."""
        return self.head.front_matter

    @property
    def first_line(self) -> int:
        """The 0-based line after the front matter."""
        return self.head.front_matter.end_line if self.head.front_matter else 0

    @cached_property
    def _derived(self) -> Mapping[Page, PageCells]:
        return derive_cells(self.pages, self.first_line, self.inherited)

    @property
    def known(self) -> Mapping[Page, PageCells]:
        """What is known about the cells of each page, for the next version of this runbook."""
        return self._derived if "_derived" in self.__dict__ else self.inherited

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The code blocks, in order."""
        return tuple(chain.from_iterable(entry.cells for entry in self._derived.values()))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return derive_headings(self.pages, self.first_line)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the file: see `problems.py`."""
        if not self.known and not may_have_problems(self.pages):
            return self.head.problems  # who reads a file once may never ask for its cells
        return self.head.problems + derive_problems(self._derived, first_line_ending(self.text))

    @property
    def title(self) -> str:
        """The first heading's text, else the front matter's `title`; "" if there is neither."""
        if self.headings:
            return self.headings[0].text
        return str(self.front_matter.data.get("title", "")) if self.front_matter else ""

    def cell_at(self, line: int) -> Cell | None:
        """The cell that has the 0-based `line`, fences included."""
        index = bisect_right(self.cells, line, key=lambda cell: cell.start_line) - 1
        if index >= 0 and line <= self.cells[index].end_line:
            return self.cells[index]
        return None

    def cells_before(self, cell: Cell) -> tuple[Cell, ...]:
        """The cells above this one of the same runbook."""
        return self.cells[: bisect_right(self.cells, cell.start_line - 1, key=lambda other: other.start_line)]
