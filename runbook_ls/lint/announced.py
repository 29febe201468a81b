"""Which names a runbook mentions outside its shell cells: who reads it knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from runbook_ls.document.blocks import CodeBlock
from runbook_ls.document.pages import Page
from runbook_ls.document.remembered import Remembered
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import commands_to_run

MANY = 50  # so many names are not looked for one by one in a text that may be as long


def announced(runbook: Runbook, names: Iterable[str]) -> frozenset[str]:
    """Those of the names that the front matter, the prose, cells in other languages or the names of cells mention."""
    wanted = frozenset(names)
    if not wanted:
        return wanted
    found = _mentioned(wanted, runbook.text[: runbook.head.size])
    for page in runbook.pages:
        given, text = _sayings_of_page.get(page, None, partial(_sayings_of, page))
        found |= wanted & given
        found |= _mentioned(wanted, text)
    return frozenset(found)


def _mentioned(names: frozenset[str], text: str) -> set[str]:
    """Those of the names that are words of the text."""
    if len(names) > MANY:
        return set(names.intersection(re.findall(_WORD, text)))
    return {name for name in names if _is_word(name, text)}


_sayings_of_page: Remembered[tuple[frozenset[str], str]] = Remembered()


def _sayings_of(page: Page) -> tuple[frozenset[str], str]:
    """The names of a page's cells; its prose and its cells in other languages."""
    names: set[str] = set()
    texts: list[str] = []
    for chunk in page.chunks:
        for block in chunk.blocks:
            if not isinstance(block, CodeBlock):
                texts.append(block.markdown)
                continue
            names.add(block.code.given_name)
            if commands_to_run(Cell(block.code, "", 0, (), ())) is None:
                texts.append(block.code.body)
    return frozenset(names), "\n".join(texts)


_WORD = r"[A-Za-z_]\w+"


def _is_word(name: str, text: str) -> bool:
    """True if one of the text's words is the name; lines without it are not cut into words."""
    at = text.find(name) if len(name) > 1 else -1
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if name in re.findall(_WORD, text[text.rfind("\n", 0, at) + 1 : end]):
            return True
        at = text.find(name, end)
    return False
