"""What may be written after a fence: languages, attribute keys and their values; and cell names where one is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute.interpreters import KNOWN, LANGUAGES


@dataclass(frozen=True, slots=True)
class Words:
    """Words that may stand from `start` up to the cursor (columns of the line), each with what it is for."""

    start: int
    words: Sequence[tuple[str, str]]


_FENCE = re.compile(r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*(`{3,}|~{3,})[ \t]*([\w+-]*)$")
_KEY = re.compile(r"[{\s,]([A-Za-z]*)$")
_VALUE = re.compile(r"([A-Za-z]+)=([\w/-]*)$")
_LINK = re.compile(r"\]\(#([\w.:-]*)$")
_RUN = re.compile(r"\b(?:runme[ \t]+run|runbook-ls[ \t]+run[ \t]+\S+)(?:[ \t]+[\w.:-]+)*[ \t]+([\w.:-]*)$")

_FLAG = ("true", "false")
_ATTRIBUTES: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("what the cell is called", ()),
    "cwd": ("the directory it runs in", ()),
    "interpreter": ("the program that runs it", tuple(sorted(KNOWN))),
    "learn": ("whether a run of it teaches", _FLAG),
    "excludeFromRunAll": ("whether Run all passes over it", _FLAG),
    "ignore": ("whether it is no cell to run", _FLAG),
    "transform": ("whether it is a cell at all", _FLAG),
    "background": ("whether it goes on in the background", _FLAG),
    "interactive": ("whether it takes input", _FLAG),
    "promptEnv": ("whether its exports are asked for", ("auto", "yes", "no")),
    "mimeType": ("what its output is", ("text/plain", "application/json", "text/html")),
    "closeTerminalOnSuccess": ("for Runme", _FLAG),
    "openTerminalOnError": ("for Runme", _FLAG),
    "terminalRows": ("for Runme", ()),
    "category": ("a group of cells", ()),
    "tag": ("a group of cells", ()),
    "id": ("what stays the same when all else changes", ()),
}


def words_at(runbook: Runbook, cell: Cell | None, line: int, before: str) -> Words | None:
    """The words that may stand where the line so far is `before`; None where nothing of this is meant."""
    on_fence = cell is not None and cell.kind == "fence" and line == cell.start_line
    if on_fence:
        assert cell is not None
        language = _FENCE.match(before)
        if language is not None:
            return Words(len(before) - len(language[2]), _languages(runbook))
        inside = before[cell.column + len(cell.fence) :]
        return _attributes(before, inside)
    found = (_RUN if cell is not None else _LINK).search(before)
    if found is None:
        return None
    return Words(found.start(1), [(other.name, other.language) for other in runbook.cells if other.runnable])


def _languages(runbook: Runbook) -> list[tuple[str, str]]:
    """The languages that can run here, those that the runbook uses first."""
    used = {cell.language: "used in this runbook" for cell in runbook.cells if cell.language in LANGUAGES}
    return [*used.items(), *((word, "") for word in sorted(LANGUAGES) if word not in used)]


def _attributes(before: str, inside: str) -> Words | None:
    if "{" not in inside:
        return None
    value = _VALUE.search(before)
    if value is not None:
        choices = _ATTRIBUTES.get(value[1], ("", ()))[1]
        return Words(value.start(2), [(choice, "") for choice in choices])
    key = _KEY.search(before)
    if key is None:
        return None
    given = set(re.findall(r"([A-Za-z]+)=", inside))
    keys = [(name, about) for name, (about, _) in _ATTRIBUTES.items() if name not in given]
    return Words(key.start(1), keys)
