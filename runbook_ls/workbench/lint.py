"""What is wrong with an open runbook, for its diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint import engine, external
from runbook_ls.lint.catalogue import rule_of
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem, Severity, Span

_AT_MOST = 1000
_ORDER = {severity: place for place, severity in enumerate(Severity)}


def own_problems(runbook: Runbook, *, alone: bool) -> tuple[Problem, ...]:
    """What our own rules find: quick, for every version. `alone`: no other program will be asked, and the findings
    say so where one would have a say."""
    found = engine.check(runbook, settings=LintSettings())
    return external.confirm(runbook, found, ask=False) if alone else found


def wants_others(found: Sequence[Problem]) -> bool:
    """Whether another program would have a say in these findings."""
    return any(problem.code == external.SYNTAX_ERROR for problem in found)


def ask_others(runbook: Runbook, found: Sequence[Problem]) -> tuple[Problem, ...]:
    """The findings as `bash -n` confirms them. Starts programs, so not where the workspace is not trusted."""
    return external.confirm(runbook, found)


def at_most(found: Sequence[Problem]) -> Sequence[Problem]:
    """At most 1,000 of the findings, errors first among those that are kept; the rest as one count."""
    if len(found) <= _AT_MOST:
        return found
    kept = sorted(found, key=lambda problem: _ORDER[problem.severity])[: _AT_MOST - 1]
    left = len(found) - len(kept)
    top = Span.of(0, 0, 0, 0)
    count = Problem("too-many", Severity.INFO, f"{left:,} more findings are not shown.", top)
    return (*kept, count)


def rule_text(problem: Problem) -> str:
    """Markdown: what the rule behind a finding wants and why; "" if no rule is behind it."""
    rule = rule_of(problem.code)
    return f"**{rule.code}** {rule.name}: {rule.summary}\n\n{rule.why}" if rule else ""
