"""What a lint rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from runbook_ls.document.runbook import Runbook
from runbook_ls.values import Fix, Severity, Span


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where a rule is broken: a span of the runbook's text, one sentence, a safe fix if there is one.

    `severity` replaces the rule's own where one case is better or worse than the rest.
    """

    span: Span
    message: str
    fix: Fix | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, why it is there, and how it finds what is wrong.

    `code` is stable; `name` is its words with hyphens. `summary` and `why` are sentences for `runbook-ls rule`,
    `bad` and `good` are runbooks. `check` is pure; None where `document.parse` itself reports the problem.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    check: Callable[[Runbook], Iterable[Spot]] | None = None
