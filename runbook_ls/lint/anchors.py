"""The anchors that headings get, as GitHub and most readers make them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from runbook_ls.document.blocks import Title
from runbook_ls.document.intents import plain_text
from runbook_ls.document.memo import Remembered
from runbook_ls.document.pages import Page
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.slug import anchor_of


@dataclass(frozen=True, slots=True)
class Anchor:
    """A heading's anchor before duplicates are told apart by `-1`, `-2`; the heading's 0-based line and length."""

    name: str
    line: int
    width: int


_pages: Remembered[tuple[Anchor, ...]] = Remembered()


def anchors_of(runbook: Runbook) -> Iterator[Anchor]:
    """The anchors of all headings, in order."""
    line = runbook.first_line
    for page in runbook.pages:
        for anchor in _pages.get(page, None, partial(_in_page, page)):
            yield Anchor(anchor.name, line + anchor.line, anchor.width)
        line += page.lines


def _in_page(page: Page) -> tuple[Anchor, ...]:
    found: list[Anchor] = []
    line = 0
    for chunk in page.chunks:
        for block in chunk.blocks:
            if isinstance(block, Title):
                text = plain_text(block.markdown)
                found.append(
                    Anchor(anchor_of(text), line + block.line, len(block.markdown) + block.level + 1)
                )
        line += chunk.lines
    return tuple(found)
