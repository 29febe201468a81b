"""What shellcheck finds in the shell cells of a runbook, at its exact places.

It comes with the extra `shellcheck`. It reads a cell from its standard input, follows no `source`, reads no
settings file and runs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint import languages
from runbook_ls.lint.commands import commands_to_run
from runbook_ls.values import Problem, Severity, Span

# What only holds for a script of its own. A cell gets variables from the cells before it, and gives some to those
# after it (2034, 2154; 2153 guesses from the same); it has no first line (2148), does not end a shell at `cd` (2164) and
# may begin in the middle of a shell's life (2218); what it sources is not here (1090, 1091).
_NOT_FOR_CELLS = frozenset({1090, 1091, 2034, 2148, 2153, 2154, 2164, 2218})
_SYNTAX = range(
    1000, 2000
)  # of level error: it could not read the rest. RB101 is for that; bash has the last word.
_LEVELS = {
    "error": Severity.WARNING,  # it is valid bash all the same: see RB101
    "warning": Severity.WARNING,
    "info": Severity.INFO,
    "style": Severity.HINT,
}


def check_cells(
    runbook: Runbook, shellcheck: str, is_wanted: Callable[[], bool] = lambda: True
) -> Iterator[Problem]:
    """What shellcheck finds in the shell cells, as problems `SC2086` and so on. Stops when it is not wanted any more.

    Verdicts are remembered, so a cell that did not change costs nothing; a new one 10 ms.
    """
    for cell in runbook.cells:
        if not is_wanted():
            return
        commands = commands_to_run(cell)
        if commands is None or cell.language not in languages.BASH_SYNTAX:
            continue
        if commands.printed and not commands.is_session:
            continue  # nobody can tell what else is output
        dialect = "dash" if cell.language == "dash" else "bash"
        for told in ask_shellcheck(shellcheck, dialect, commands.meant):
            yield _problem(cell, told)


@lru_cache(maxsize=4096)
def ask_shellcheck(shellcheck: str, dialect: str, text: str) -> tuple[tuple[str, Severity, str, Span], ...]:
    """Code, severity, sentence and place of what shellcheck says about `text`; nothing if it fails or takes over 10 s."""
    import subprocess

    try:
        done = subprocess.run(
            [shellcheck, "--norc", "--format=json1", f"--shell={dialect}", "-"],
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            timeout=10,
            check=False,
        )
        comments = json.loads(done.stdout)["comments"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return ()
    if any(comment["code"] in _SYNTAX and comment["level"] == "error" for comment in comments):
        return ()
    return tuple(
        (
            f"SC{comment['code']}",
            _LEVELS.get(comment["level"], Severity.INFO),
            _sentence(comment["message"]),
            _span(comment),
        )
        for comment in comments
        if comment["code"] not in _NOT_FOR_CELLS
    )


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _span(comment: dict[str, int]) -> Span:
    """The 1-based lines and columns of the format `json1`, which counts a tab as one column, as ours."""
    return Span.of(
        comment["line"] - 1, comment["column"] - 1, comment["endLine"] - 1, comment["endColumn"] - 1
    )


def _problem(cell: Cell, told: tuple[str, Severity, str, Span]) -> Problem:
    code, severity, message, span = told
    return Problem(code, severity, message, cell.source_span(span))
