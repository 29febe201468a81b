"""Which cells of a runbook are meant: by name, number, line or heading; or all of them, by tag."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from runbook_ls.document.expectations import expected_blocks
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute import interpreters
from runbook_ls.values import RunbookError
from runbook_ls.workbench.cells import can_run
from runbook_ls.workbench.session import Session


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cells to run in order, and sentences about those that were passed over."""

    cells: tuple[Cell, ...]
    skipped: tuple[str, ...] = ()


def command_line(file: str, names: Sequence[str]) -> str:
    """What to type to run these cells. It may be copied from a message: a runbook can name a cell `x; curl …` or
    `--all`."""
    words = (file, *names)
    end_of_options = ("--",) if any(word.startswith("-") for word in words) else ()
    return shlex.join(("runbook-ls", "run", *end_of_options, *words))


def by_names(runbook: Runbook, names: Sequence[str], file: str) -> Chosen:
    """The cells that were named, in that order, each once.

    A word is the name of a cell; or its number in what `ls` lists (1-based), `:14` a line of it (1-based); or the
    text of a heading: all that can run under it. Raises RunbookError if there is none.
    """
    cells: list[Cell] = []
    for name in names:
        cells += _named(runbook, name, file)
    return Chosen(tuple(dict.fromkeys(cells)))


def _named(runbook: Runbook, word: str, file: str) -> list[Cell]:
    found = next((cell for cell in runbook.cells if cell.name == word), None)
    if found is not None:
        return [found]
    if line := re.fullmatch(rf"(?:{re.escape(file)})?:(\d+)", word):
        at = runbook.cell_at(int(line[1]) - 1)
        if at is None:
            raise RunbookError(
                f"{file}: there is no cell in line {line[1]}; `runbook-ls ls {file}` lists them."
            )
        return [at]
    if word.isdecimal():
        if not 1 <= int(word) <= len(runbook.cells):
            raise RunbookError(f"{file}: there is no cell number {word}; it has {len(runbook.cells)}.")
        return [runbook.cells[int(word) - 1]]
    title = word.lstrip("# ").casefold()
    expected = expected_blocks(runbook)
    under = [
        cell
        for cell in runbook.cells
        if title in (heading.casefold() for heading in cell.heading_path)
        and can_run(cell)
        and cell.start_line not in expected
    ]
    if not under:
        raise RunbookError(
            f"{file}: there is no cell named {word}{_nearest(word, runbook)}; `runbook-ls ls {file}` lists them."
        )
    return under


def _nearest(word: str, runbook: Runbook) -> str:
    from rapidfuzz import process

    found = process.extractOne(word, [cell.name for cell in runbook.cells], score_cutoff=70)
    return f" (did you mean {found[0]}?)" if found else ""


def every(
    session: Session, runbook: Runbook, file: str, tags: Collection[str] = (), above: Cell | None = None
) -> Chosen:
    """All cells that can run, but for those with `excludeFromRunAll`; with `tags` only those that have one of them,
    with `above` only those above that cell.

    A cell's tags are its `tag` and `category`, and those of the front matter, separated by commas. Blocks that hold
    an expected output do not run. A language without an interpreter is passed over, and that is said.
    """
    expected = expected_blocks(runbook)
    common = _tags(runbook.front_matter.data) if runbook.front_matter else frozenset()
    cells: list[Cell] = []
    skipped: list[str] = []
    for cell in runbook.cells_before(above) if above else runbook.cells:
        left_out = cell.attributes.get("excludeFromRunAll", "false").lower() not in ("false", "no", "0")
        if not can_run(cell) or left_out or cell.start_line in expected:
            continue
        if tags and not (common | _tags(cell.attributes)) & set(tags):
            continue
        if _has_interpreter(session, cell):
            cells.append(cell)
        else:
            language = cell.language or "(none)"
            skipped.append(
                f"{file}: skipped cell {cell.name} (line {cell.start_line + 1}): no interpreter for language {language}"
            )
    return Chosen(tuple(cells), tuple(skipped))


def _has_interpreter(session: Session, cell: Cell) -> bool:
    known = interpreters.is_known(cell.language) or (
        cell.language in interpreters.SQL and bool(session.settings.run_sql)
    )
    return known or bool(cell.attributes.get("interpreter")) or cell.body.startswith("#!")


def _tags(attributes: Mapping[str, object]) -> frozenset[str]:
    found: set[str] = set()
    for key in ("tag", "tags", "category"):
        said = attributes.get(key)
        words = said if isinstance(said, list) else str(said or "").split(",")
        found |= {str(word).strip() for word in words if str(word).strip()}
    return frozenset(found)
