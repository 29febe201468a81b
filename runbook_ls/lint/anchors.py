"""The anchors that headings get, as GitHub and most readers make them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from runbook_ls.document.intents import plain_text
from runbook_ls.document.outline import outline_of
from runbook_ls.document.pages import Page
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.remembered import Remembered
from runbook_ls.lint.slug import anchor_of


class Anchor(NamedTuple):
    """A heading's anchor before duplicates are told apart by `-1`, `-2`; the heading's 0-based line and length."""

    name: str
    line: int
    width: int


_pages: Remembered[tuple[Anchor, ...]] = Remembered()


def anchors_of(runbook: Runbook) -> Iterator[Anchor]:
    """The anchors of all headings, in order."""
    for line, anchors in _anchors_of_pages(runbook):
        for anchor in anchors:
            yield _moved(anchor, line)


def doubled_anchors(runbook: Runbook) -> Iterator[tuple[Anchor, Anchor]]:
    """The anchors that an earlier heading has too, in order, each after the first with its name."""
    seen: dict[str, tuple[Anchor, int]] = {}
    for line, anchors in _anchors_of_pages(runbook):
        for anchor in anchors:
            first, there = seen.setdefault(anchor.name, (anchor, line))
            if first is not anchor:
                yield _moved(first, there), _moved(anchor, line)


def _anchors_of_pages(runbook: Runbook) -> Iterator[tuple[int, tuple[Anchor, ...]]]:
    """Where each page begins, and its anchors in lines that are counted from there."""
    line = runbook.first_line
    for page in runbook.pages:
        yield line, _pages.get(page, None, partial(_in_page, page))
        line += page.lines


def _moved(anchor: Anchor, lines: int) -> Anchor:
    return Anchor(anchor.name, anchor.line + lines, anchor.width)


def _in_page(page: Page) -> tuple[Anchor, ...]:
    return tuple(
        Anchor(anchor_of(plain_text(title.markdown)), line, len(title.markdown) + title.level + 1)
        for line, title in outline_of(page).titles
    )
