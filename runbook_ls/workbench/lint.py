"""What is wrong with an open runbook, for its diagnostics and fixes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.config.lint import LintTable, find_table
from runbook_ls.config.trust import Trust
from runbook_ls.lint import engine, external, surroundings
from runbook_ls.lint.catalogue import rule_of
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem, RunbookError, Severity, Span
from runbook_ls.workbench.session import OpenDocument

_AT_MOST = 1000
_CELLS_FOR_SHELLCHECK = 300  # three seconds of looking
_WORST_FIRST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `complete` is False if a thorough look may find more."""

    problems: tuple[Problem, ...]
    complete: bool


def look(
    document: OpenDocument,
    trust: Trust,
    *,
    thorough: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Found:
    """The findings of all rules; of more than 1,000 the errors first, and the rest as one count.

    Only a `thorough` look starts programs: `bash -n` and shellcheck, 2 and 10 ms for each cell that they did not see
    before; shellcheck not where there are more than 300 cells, and only as long as `is_wanted`. What bash has not
    confirmed yet is not told. Where the workspace is not trusted, neither is asked, and its
    settings do not count.
    """
    settings = settings_of(document.file, trust)
    ask = trust.external_checkers
    ask_more = ask and len(document.runbook.cells) <= _CELLS_FOR_SHELLCHECK
    more = (
        external.more_problems(document.runbook, settings, ask=ask_more, is_wanted=is_wanted)
        if thorough
        else None
    )
    found = engine.check(document.runbook, settings=settings, more=more)
    found, complete = external.confirm_known(document.runbook, found, ask=ask, wait=thorough)
    found = tuple(f.problem for f in surroundings.confirm(_findings(document, found)))
    return Found(
        _at_most(found), thorough or (complete and not external.can_find_more(settings, ask=ask_more))
    )


def settings_of(file: str, trust: Trust) -> LintSettings:
    """The lint settings of the folder of an open file. Settings that are wrong do not count: the command line and
    `complaint` say what is wrong with them."""
    if trust is Trust.UNTRUSTED or not os.path.isabs(file):  # noqa: PTH117 (a URI is no path)
        return LintSettings()
    try:
        table = find_table(Path(file).parent)
    except RunbookError:
        return LintSettings()
    return of_table(table).for_file(file)


def complaint(file: str, trust: Trust) -> str:
    """What is wrong with the lint settings of an open file's folder, in one sentence; "" if nothing is."""
    if trust is Trust.UNTRUSTED or not os.path.isabs(file):  # noqa: PTH117
        return ""
    try:
        engine.validate(of_table(find_table(Path(file).parent)))
    except RunbookError as error:
        return str(error)
    return ""


def of_table(table: LintTable) -> LintSettings:
    """The settings that a settings file stands for."""
    return LintSettings(
        table.select, table.ignore, table.extend, table.per_file_ignores, table.exclude, table.folder
    )


def _findings(document: OpenDocument, found: Sequence[Problem]) -> list[Finding]:
    lines = document.lines
    return [
        Finding(document.file, problem, lines[problem.span.start.line] if problem.span else "")
        if problem.span is None or problem.span.start.line < len(lines)
        else Finding(document.file, problem)
        for problem in found
    ]


def _at_most(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """At most 1,000 of the findings, errors first among those that are kept; the rest as one count."""
    if len(found) <= _AT_MOST:
        return found
    kept = sorted(found, key=lambda problem: _WORST_FIRST.index(problem.severity))[: _AT_MOST - 1]
    left = len(found) - len(kept)
    top = Span.of(0, 0, 0, 0)
    count = Problem("too-many", Severity.INFO, f"{left:,} more findings are not shown.", top)
    return (*kept, count)


def rule_text(problem: Problem) -> str:
    """Markdown: what the rule behind a finding wants and why; "" if no rule is behind it."""
    rule = rule_of(problem.code)
    return f"**{rule.code}** {rule.name}: {rule.summary}\n\n{rule.why}" if rule else ""
