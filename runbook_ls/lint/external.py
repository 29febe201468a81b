"""What other programs say: bash has the last word on syntax, and shellcheck adds what it finds.

They run without start-up files, with an environment of their own and nothing to execute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.checkers import find_bash, find_shellcheck
from runbook_ls.lint.commands import commands_to_run
from runbook_ls.lint.engine import is_enabled
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem, Severity, Span

SYNTAX_ERROR = "RB101"


def more_problems(
    runbook: Runbook,
    settings: LintSettings,
    *,
    ask: bool = True,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[Problem, ...] | None:
    """What shellcheck finds in the cells; None if it may not be asked, is not installed, or no `SC` code is on. Some of
    it only where `is_wanted` says meanwhile that nobody waits for it."""
    shellcheck = find_shellcheck()
    if shellcheck is None or not can_find_more(settings, ask=ask):
        return None
    from runbook_ls.lint.shellcheck import check_cells

    return tuple(check_cells(runbook, shellcheck, is_wanted))


def can_find_more(settings: LintSettings, *, ask: bool = True) -> bool:
    """False if shellcheck may not be asked, is not installed, or the settings switch all its codes off."""
    return ask and find_shellcheck() is not None and _wants_shellcheck(settings)


@lru_cache(maxsize=16)
def _wants_shellcheck(settings: LintSettings) -> bool:
    chosen = any(word.upper().startswith("SC") for word in (*settings.select, *settings.extend))
    return chosen or is_enabled("SC", "", settings)


def confirm(runbook: Runbook, problems: Iterable[Problem], *, ask: bool = True) -> tuple[Problem, ...]:
    """The problems without the syntax errors that bash does not see, and the others as bash tells them.

    Where bash cannot be asked (`ask` is False, as in a folder that is not trusted, or there is none), a syntax
    error is a warning. Verdicts are remembered, so a cell that did not change costs nothing; a new one 2 ms.
    """
    return confirm_known(runbook, problems, ask=ask, wait=True)[0]


def confirm_known(
    runbook: Runbook, problems: Iterable[Problem], *, ask: bool, wait: bool
) -> tuple[tuple[Problem, ...], bool]:
    """As `confirm`; and whether all is said. Without `wait`, what bash would have to be asked is left out."""
    kept: list[Problem] = []
    complete = True
    for problem in problems:
        if problem.code != SYNTAX_ERROR:
            kept.append(problem)
            continue
        cell = runbook.cell_at(problem.span.start.line) if problem.span else None
        commands = commands_to_run(cell) if cell else None
        if cell is None or commands is None:
            kept.append(problem)
            continue
        bash = find_bash() if ask else None
        if bash is None:
            told = f"{problem.message[:-1]} (not checked by bash)."
            kept.append(problem._replace(severity=Severity.WARNING, message=told))
        elif not wait and (bash, commands.meant) not in _verdicts:
            complete = False
        elif (verdict := ask_bash(bash, commands.meant)) is not None:
            kept.append(_as_bash_tells(problem, verdict, cell))
    return tuple(kept), complete


class Verdict(NamedTuple):
    """What bash says against a text: a clause, the 0-based line where it noticed, whether it would stop there."""

    message: str
    line: int
    fatal: bool


_verdicts: dict[tuple[str, str], Verdict | None] = {}  # the oldest half goes when it is full
_MOST = 4096


def ask_bash(bash: str, text: str) -> Verdict | None:
    """What `bash -n` says against `text`, which it does not run; None if nothing, or if it does not answer in 5 s.

    extglob is on: cells may switch it on at run time, but bash reads by it before. Verdicts are remembered.
    """
    if (bash, text) not in _verdicts:
        verdict = _ask(bash, text)
        if len(_verdicts) >= _MOST:
            for old in list(_verdicts)[: _MOST // 2]:
                _verdicts.pop(old, None)
        _verdicts[bash, text] = verdict
        return verdict
    return _verdicts.get((bash, text))


def _ask(bash: str, text: str) -> Verdict | None:
    import subprocess

    try:
        done = subprocess.run(
            [bash, "--norc", "--noprofile", "-O", "extglob", "-n"],
            input=text.encode("utf-8", "replace") + b"\n",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0 and "here-document" not in said:
        return None
    told = re.search(_TOLD, said)
    if told is None:
        return Verdict("bash does not read it", 0, fatal=True) if done.returncode else None
    return Verdict(told[2], max(0, int(told[1]) - 1), fatal=done.returncode != 0)


_TOLD = r"line (\d+): (.*)"
_NEAR = r"syntax error near unexpected token `(.*)'"
_UNCLOSED = r".*looking for matching `(.)'"
_HEREDOC = r"here-document .*\(wanted `(.*)'\)"


def _as_bash_tells(problem: Problem, verdict: Verdict, cell: Cell) -> Problem:
    """In bash's words, and where bash noticed it, unless it only noticed at the end that something was open."""
    if not verdict.fatal:
        heredoc = re.search(_HEREDOC, verdict.message)
        message = (
            f"The end `{heredoc[1]}` of this here-document is missing."
            if heredoc
            else f"Bash warns: {verdict.message}."
        )
        return problem._replace(severity=Severity.WARNING, message=message)
    if unclosed := re.match(_UNCLOSED, verdict.message):
        missing = "a backtick" if unclosed[1] == "`" else f"`{unclosed[1]}`"
        return problem._replace(
            message=f"Shell syntax error: a quote or bracket is open, {missing} is missing."
        )
    near = re.fullmatch(_NEAR, verdict.message)
    lines = cell.body.split("\n")
    if near is None or near[1] == "newline" or near[1] not in lines[min(verdict.line, len(lines) - 1)]:
        return problem
    assert problem.span is not None
    hint = problem.span.start.column if problem.span.start.line == cell.body_start_line + verdict.line else 0
    hint = max(0, hint - cell.body_columns[verdict.line])
    places = [match.start() for match in re.finditer(re.escape(near[1]), lines[verdict.line])]
    at = min(places, key=lambda place: abs(place - hint))
    span = cell.source_span(Span.of(verdict.line, at, verdict.line, at + len(near[1])))
    return problem._replace(span=span, message=f"Shell syntax error: unexpected `{near[1]}`.")
