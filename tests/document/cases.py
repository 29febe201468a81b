"""Reading the fixture files of fixtures/document: title, input and what is expected, each ended by a line `.`.

In them `→` stands for a tab, `·` for a blank, `␍` for a carriage return, `␀` for NUL, `␌` for form feed, `␤` for
U+2028 and `␢` for a byte order mark. A title may begin with a flavour: `mkdocs: a tab`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from runbook_ls.document.flavour import Flavour
from runbook_ls.document.runbook import Cell, Runbook

FIXTURES = Path(__file__).parents[2] / "fixtures" / "document"
SHARED = Path(__file__).parents[3] / "shared"

_SIGNS = {"→": "\t", "·": " ", "␍": "\r", "␀": "\0", "␌": "\f", "␤": "\u2028", "␢": "\ufeff"}
_TO_TEXT = str.maketrans(_SIGNS)
_TO_SIGNS = str.maketrans({text: sign for sign, text in _SIGNS.items() if text != " "})
_FLAVOURS: dict[str, Flavour] = {
    "commonmark": "commonmark",
    "mkdocs": "mkdocs",
    "myst": "myst",
    "docusaurus": "docusaurus",
}


class Case(NamedTuple):
    title: str
    flavour: Flavour
    text: str
    expected: str


def read_cases(name: str) -> list[Case]:
    """The cases of one fixture file."""
    parts: list[str] = []
    lines: list[str] = []
    for line in (FIXTURES / f"{name}.md").read_text("utf-8").split("\n"):
        if line == ".":
            parts.append("\n".join(lines))
            lines = []
        else:
            lines.append(line)
    cases = []
    for title, text, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        flavour = _FLAVOURS.get(title.strip().split(":")[0], "auto")
        cases.append(Case(title.strip(), flavour, (text + "\n").translate(_TO_TEXT), expected))
    return cases


def summary(runbook: Runbook) -> str:
    """What parsing found, one line each: the cells, then the problems (line:column, 1-based)."""
    lines = [_cell(cell) for cell in runbook.cells]
    for problem in runbook.problems:
        start = problem.span.start if problem.span else None
        lines.append(f"{problem.code} at {start.line + 1}:{start.column + 1}" if start else problem.code)
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    words = [f"{cell.start_line + 1}-{cell.end_line + 1}", cell.language or "-", cell.name]
    words += [f"{key}={value!r}" for key, value in cell.attributes.items() if key != "name"]
    words += [] if cell.closed else ["unclosed"]
    words += [] if cell.runnable else ["not run"]
    return " ".join(words) + " | " + cell.body.replace("\n", "⏎").translate(_TO_SIGNS)


def intents(runbook: Runbook) -> str:
    """One line for each cell: its name and its intent."""
    return "\n".join(f"{cell.name}: {cell.intent}" for cell in runbook.cells)
