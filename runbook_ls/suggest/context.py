"""What a model may see of a runbook: the cell's surroundings, the nearest first, within a budget of characters.

Prose and cells are taken or left out whole, long ones shortened in the middle, so that no fence is ever cut open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Cell, Runbook

_LONGEST_CELL = 1_200  # characters; a third of it is the tail
_LONGEST_PROSE = 2_000
_LONGEST_OUTPUT = 600


@dataclass(frozen=True, slots=True)
class Ran:
    """How the last run of a cell ended: its exit code (None: cancelled), and the output that may be shown, or ""."""

    exit_code: int | None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The text for the model, and what is missing from it in one sentence, "" if nothing is."""

    text: str
    trimmed: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    shortened: bool
    is_cell: bool


def excerpt(runbook: Runbook, cell: Cell | None, ran: Mapping[int, Ran], budget: int) -> Excerpt:
    """The surroundings of `cell` (None: the runbook's beginning) in at most `budget` characters.

    What stands before the cell is preferred, the nearest first. `ran` tells by 0-based start line how cells ended.
    """
    parts, here = _parts(runbook, cell, ran)
    order = [*range(here - 1, -1, -1), *range(here, len(parts))]
    taken: set[int] = set()
    left = budget
    for index in order:
        size = len(parts[index].text) + 2
        if size > left:
            if index < here:
                continue  # a smaller one further up may still fit
            break
        taken.add(index)
        left -= size
    out: list[str] = []
    for index in range(len(parts) + 1):
        if index == here and (taken or here):
            out.append(_HERE)
        if index < len(parts):
            if index in taken:
                out.append(parts[index].text)
            elif not out or out[-1] != _LEFT_OUT:
                out.append(_LEFT_OUT)
    if not taken:
        return Excerpt("", _told(parts, taken) if parts else "")
    return Excerpt("\n\n".join(out), _told(parts, taken))


_LEFT_OUT = "[… left out …]"
_HERE = "[the cell to be filled stands here]"


def _parts(runbook: Runbook, cell: Cell | None, ran: Mapping[int, Ran]) -> tuple[list[_Part], int]:
    """The runbook cut into prose and cells, without `cell` itself, and how many stand before it."""
    lines = split_lines(runbook.text)
    parts: list[_Part] = []
    here, line = 0, runbook.first_line
    for other in runbook.cells:
        parts += _prose("".join(lines[line : other.start_line]))
        line = other.end_line + 1
        if cell is not None and other.start_line == cell.start_line:
            here = len(parts)
        elif not other.is_empty:
            parts.append(_cell(other, ran.get(other.start_line)))
    parts += _prose("".join(lines[line:]))
    return parts, here


def _prose(text: str) -> list[_Part]:
    found = (paragraph.strip() for paragraph in re.split(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)", text))
    return [_Part(*_shortened(paragraph, _LONGEST_PROSE), False) for paragraph in found if paragraph]


def _cell(cell: Cell, ran: Ran | None) -> _Part:
    body, shortened = _shortened(cell.body, _LONGEST_CELL)
    text = _fenced(body, cell.language)
    if ran is not None:
        text += (
            "\n(it was cancelled)"
            if ran.exit_code is None
            else f"\n(its last run ended with exit {ran.exit_code})"
        )
        if ran.output.strip():
            output, cut = _shortened(ran.output.strip("\n"), _LONGEST_OUTPUT)
            text += "\n" + _fenced(output, "text")
            shortened = shortened or cut
    return _Part(text, shortened, True)


def _fenced(body: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def _shortened(text: str, limit: int) -> tuple[str, bool]:
    """Whole lines of the head and the tail; a line that is too long itself is cut."""
    if len(text) <= limit:
        return text, False
    lines = text.split("\n")
    head, tail = _lines(lines, limit * 2 // 3), _lines(lines[::-1], limit // 3)[::-1]
    left_out = len(lines) - len(head) - len(tail)
    return "\n".join([*head, f"[… {left_out} lines left out …]", *tail]), True


def _lines(lines: list[str], limit: int) -> list[str]:
    taken: list[str] = []
    for line in lines:
        if len(line) > limit:
            if not taken:
                taken.append(line[: max(0, limit - 1)] + "…")
            break
        taken.append(line)
        limit -= len(line) + 1
    return taken


def _told(parts: list[_Part], taken: set[int]) -> str:
    missing = [part for index, part in enumerate(parts) if index not in taken]
    shortened = sum(part.shortened for index, part in enumerate(parts) if index in taken)
    said = []
    if missing:
        cells, prose = sum(part.is_cell for part in missing), sum(not part.is_cell for part in missing)
        said.append(f"{len(missing)} of {len(parts)} parts of the runbook left out ({_count(cells, 'cell')}, "
                    f"{_count(prose, 'paragraph')})")  # fmt: skip
    if shortened:
        said.append(f"{shortened} shortened")
    return f"The model did not see all of this runbook: {', '.join(said)}." if said else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
