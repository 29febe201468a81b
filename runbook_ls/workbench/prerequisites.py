"""Which runbooks are to be run before a runbook: its *Prerequisites* and theirs, inside the workspace only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.document import parse
from runbook_ls.document.prerequisites import prerequisites
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import RunbookError

DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Required:
    """A runbook of a chain, its absolute path resolved."""

    file: Path
    runbook: Runbook


def chain(file: Path, workspace: Path, read: Callable[[str], str]) -> tuple[Required, ...]:
    """The runbooks that `file` needs, in the order to run them, each once, and `file` itself last.

    Raises RunbookError that names the file and the line for a link that leaves the workspace (symbolic links
    followed), leads nowhere or back to where it came from, or is deeper than DEEPEST.
    """
    found: dict[Path, Required] = {}
    _visit(file.resolve(), workspace.resolve(), read, (), found)
    return tuple(found.values())


def _visit(
    file: Path,
    workspace: Path,
    read: Callable[[str], str],
    above: tuple[Path, ...],
    found: dict[Path, Required],
) -> None:
    if file in found:
        return
    runbook = parse(read(str(file)))
    for link in prerequisites(runbook):
        where = f"{file}:{link.line + 1}: the prerequisite {link.path}"
        target = (file.parent / link.path).resolve()
        if not target.is_relative_to(workspace):
            raise RunbookError(f"{where} is outside the workspace {workspace}; nothing was run.")
        if target in (*above, file):
            names = " → ".join(path.name for path in (*above, file, target))
            raise RunbookError(f"{where} leads back to itself ({names}); nothing was run.")
        if len(above) + 1 > DEEPEST:
            raise RunbookError(f"{where} is more than {DEEPEST} runbooks deep; nothing was run.")
        if not target.is_file():
            raise RunbookError(f"{where} does not exist; nothing was run.")
        _visit(target, workspace, read, (*above, file), found)
    found[file] = Required(file, runbook)
