"""What other programs say: `bash -n` has the last word on syntax. They run without start-up files and without input."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.shell_cells import without_placeholders
from runbook_ls.values import Problem, Severity

_SYNTAX_ERROR = "RB101"


def confirm(runbook: Runbook, problems: Iterable[Problem], *, ask: bool = True) -> tuple[Problem, ...]:
    """The problems without the syntax errors that bash does not see.

    Where bash cannot be asked (`ask` is False, as in a folder that is not trusted, or there is none), a syntax
    error is a warning. Verdicts are remembered, so a cell that did not change costs nothing; a new one 2 ms.
    """
    kept: list[Problem] = []
    for problem in problems:
        cell = runbook.cell_at(problem.span.start.line) if problem.span else None
        if problem.code != _SYNTAX_ERROR or cell is None:
            kept.append(problem)
            continue
        bash = find_bash() if ask else None
        if bash is None:
            message = problem.message.replace("shell syntax error", "this may be a shell syntax error", 1)
            kept.append(replace(problem, severity=Severity.WARNING, message=message))
        elif not parses(bash, without_placeholders(cell.body)):
            kept.append(problem)
    return tuple(kept)


@lru_cache(maxsize=1)
def find_bash() -> str | None:
    """The path of bash, or None."""
    return shutil.which("bash")


@lru_cache(maxsize=4096)
def parses(bash: str, text: str) -> bool:
    """True if `bash -n` takes `text` (which it does not run); also when bash does not answer within 5 s.

    extglob is on: bash decides at parse time, and cells may have switched it on.
    """
    try:
        done = subprocess.run(
            [bash, "--norc", "--noprofile", "-O", "extglob", "-n"],
            input=text.encode("utf-8", "replace") + b"\n",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return True
    return done.returncode == 0
