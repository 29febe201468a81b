"""What is wrong with an open runbook, for its diagnostics."""

from __future__ import annotations

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint import engine, external
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem

_AT_MOST = 1000


def problems(runbook: Runbook, *, ask_bash: bool) -> tuple[Problem, ...]:
    """The findings of all rules, at most 1,000, errors first among those that are kept.

    `ask_bash` lets `bash -n` confirm syntax errors; where the workspace is not trusted it must not.
    """
    found = external.confirm(runbook, engine.check(runbook, settings=LintSettings()), ask=ask_bash)
    if len(found) <= _AT_MOST:
        return found
    order = ["error", "warning", "info", "hint"]
    return tuple(sorted(found, key=lambda problem: order.index(problem.severity.value))[:_AT_MOST])
