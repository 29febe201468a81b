"""What a lint rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from runbook_ls.document.cell import Code
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import Fix, Severity, Span


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where a rule is broken: a span, one sentence, a safe fix if there is one.

    `severity` replaces the rule's own where one case is better or worse than the rest.
    """

    span: Span
    message: str
    fix: Fix | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, why it is there, and how it finds what is wrong.

    `code` is stable; `summary` and `why` are sentences for `runbook-ls rule`, `bad` and `good` are runbooks.

    `cell` looks at the body of one code block and gives spots in lines and columns of that body; it is asked
    again only when the block changes. `runbook` looks at the whole and gives spots in the runbook's text. A rule
    has one of them, or none where `document.parse` reports the problem itself.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    cell: Callable[[Code], Iterable[Spot]] | None = None
    runbook: Callable[[Runbook], Iterable[Spot]] | None = None
    default: bool = True  # False: only when selected
