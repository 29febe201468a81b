"""Shell variables across a runbook: where they are set and read, and which cells a cell depends on by them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from runbook_ls.document.cell import Code
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import commands_to_run
from runbook_ls.lint.variables import variables_of
from runbook_ls.values import Span


@dataclass(frozen=True, slots=True)
class Use:
    """A variable set (`sets`) or read in a cell; `span` is the name alone, in the runbook's text."""

    name: str
    cell: Cell
    span: Span
    sets: bool


def uses(runbook: Runbook, name: str | None = None) -> Iterator[Use]:
    """Where the cells of a runbook set and read variables (the one called `name`), in order."""
    for cell in runbook.cells:
        for found in in_cell(cell):
            if name is None or found.name == name:
                yield found


def in_cell(cell: Cell) -> Iterator[Use]:
    """Where one cell sets and reads variables, in order."""
    for name, span, sets in _found(cell.code):
        yield Use(name, cell, cell.source_span(span), sets)


def depends_on(runbook: Runbook, cell: Cell) -> tuple[Cell, ...]:
    """The cells above whose variables the cell reads, directly or through others, in order."""
    above = [other for other in runbook.cells_before(cell) if other.runnable]
    wanted = _read_before_set(cell.code)
    found: list[Cell] = []
    for other in reversed(above):
        if wanted & _set(other.code):
            found.append(other)
            wanted |= _read_before_set(other.code)
    return tuple(reversed(found))


def digest(runbook: Runbook, cell: Cell) -> str:
    """What the cells say that this one depends on; another text is another digest."""
    said = hashlib.sha256()
    for other in depends_on(runbook, cell):
        said.update(other.script.encode("utf-8", "replace") + b"\0")
    return said.hexdigest()


def _set(code: Code) -> frozenset[str]:
    return frozenset(name for name, _, sets in _found(code) if sets)


def _read_before_set(code: Code) -> frozenset[str]:
    known: set[str] = set()
    wanted: set[str] = set()
    for name, _, sets in _found(code):
        if sets:
            known.add(name)
        elif name not in known:
            wanted.add(name)
    return frozenset(wanted)


@lru_cache(maxsize=2048)
def _found(code: Code) -> tuple[tuple[str, Span, bool], ...]:
    """Name, span of the name in the body, and whether it is set there, in order."""
    commands = commands_to_run(Cell(code, "", 0, (), ()))
    if commands is None:
        return ()
    text = commands.meant
    variables = variables_of(commands)
    found: set[tuple[int, int, str, bool]] = set()
    for sets, occurrences in ((True, variables.settings), (False, variables.readings)):
        for use in occurrences:
            at = _name_at(text, use.name, use.start, use.end)
            if at is not None:
                found.add((at, at + len(use.name), use.name, sets))
    return tuple((name, _span(commands.body, start, end), sets) for start, end, name, sets in sorted(found))


def _span(body: str, start: int, end: int) -> Span:
    line, begin = body.count("\n", 0, start), body.rfind("\n", 0, start) + 1
    return Span.of(line, start - begin, line, end - begin)


def _name_at(text: str, name: str, start: int, end: int) -> int | None:
    """Where in the text between two offsets the name itself stands, as a whole word."""
    at = text.find(name, start, end)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_"):
            return at
        at = text.find(name, at + 1, end)
    return None
