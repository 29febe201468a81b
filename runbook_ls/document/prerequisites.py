"""The runbooks that a runbook wants to be run before it: the links in its section *Prerequisites*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from runbook_ls.document.blocks import Prose
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.rules import markdown_parser
from runbook_ls.document.runbook import Runbook

_TITLES = frozenset({"prerequisites", "prerequisite", "pre-requisites"})
_MARKDOWN = re.compile(r"(?P<path>[^#?]+\.(?:md|markdown|mdx))(?:[#?].*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A link to another markdown file: its path as written (decoded, without `#…`), and its 0-based line."""

    path: str
    line: int


def prerequisites(runbook: Runbook) -> tuple[Prerequisite, ...]:
    """The relative links to markdown files in the sections called *Prerequisites*, in order, each path once."""
    sections = list(_sections(runbook))
    if not sections:
        return ()
    found: dict[str, Prerequisite] = {}
    above = runbook.first_line
    for chunk in all_chunks(runbook.pages):
        for block in chunk.blocks:
            if isinstance(block, Prose) and any(
                first < above + block.line < last for first, last in sections
            ):
                for path in _links(block.markdown):
                    found.setdefault(path, Prerequisite(path, above + block.line))
        above += chunk.lines
    return tuple(found.values())


def _sections(runbook: Runbook) -> Iterator[tuple[int, float]]:
    """The line of each such heading, and of the next one that is not below it."""
    for number, heading in enumerate(runbook.headings):
        if heading.text.strip().rstrip(":").casefold() in _TITLES:
            after = (h.line for h in runbook.headings[number + 1 :] if h.level <= heading.level)
            yield heading.line, next(after, float("inf"))


def _links(markdown: str) -> Iterator[str]:
    for token in markdown_parser("commonmark").parseInline(markdown)[0].children or ():
        target = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        found = None if _SCHEME.match(target) else _MARKDOWN.fullmatch(target)
        if found:
            yield unquote(found["path"])
