"""How much there is to learn in a folder, before anything is learned from it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from runbook_ls.document import parse
from runbook_ls.lint.files import find_files, read_runbook
from runbook_ls.values import RunbookError
from runbook_ls.workbench.cells import can_run, is_shell

_FILES = 300
_CHARACTERS = 3_000_000


class Pairs(NamedTuple):
    """So many (prose, command) pairs; `more` if the folder was too large to look through."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number}{'+' if self.more else ''} pair{'' if self.number == 1 else 's'}"


def count_pairs(folder: Path) -> Pairs:
    """What `learn` would find in the markdown files of a folder. Reads files; looks at no more than a few hundred."""
    files = find_files([str(folder)])[0]
    number = characters = 0
    for file in files[:_FILES]:
        try:
            text = read_runbook(file)
        except RunbookError:
            continue
        number += sum(can_run(cell) and is_shell(cell) and bool(cell.intent) for cell in parse(text).cells)
        characters += len(text)
        if characters > _CHARACTERS:
            return Pairs(number, more=True)
    return Pairs(number, more=len(files) > _FILES)
