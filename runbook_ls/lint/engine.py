"""Which rules are on, and what they say about a runbook. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.catalogue import RULES, rule_of, unknown_rule
from runbook_ls.lint.rule import Rule
from runbook_ls.values import Problem


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Which rules are on, by code (`RB104`), family (`RB1`) or name (`shell-prompt`).

    An empty `select` stands for all rules. The longer match wins between `select` and `ignore`.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def check(runbook: Runbook, *, settings: LintSettings) -> tuple[Problem, ...]:
    """What the enabled rules find in a runbook, in the order of the text.

    Codes that no rule has (they come from `document.parse`) cannot be switched off.
    """
    found = [problem for problem in runbook.problems if is_enabled(problem.code, settings)]
    for rule in RULES:
        if rule.check is not None and is_enabled(rule.code, settings):
            found += _problems(rule, runbook)
    return tuple(sorted(found, key=lambda problem: (problem.span is not None, problem.span, problem.code)))


def is_enabled(code: str, settings: LintSettings) -> bool:
    """Whether problems of this code are to be reported."""
    rule = rule_of(code)
    if rule is None:
        return True
    selected = max((_match(rule, word) for word in settings.select), default=1)
    ignored = max((_match(rule, word) for word in settings.ignore), default=0)
    return selected > ignored


def validate(settings: LintSettings) -> None:
    """Raise RunbookError for a code or name that no rule has."""
    for word in (*settings.select, *settings.ignore):
        if not any(_match(rule, word) for rule in RULES):
            raise unknown_rule(word)


def _match(rule: Rule, word: str) -> int:
    """How closely a word of the settings names a rule: 0 not at all, else the length of what agrees."""
    if word == rule.name:
        return len(rule.code) + 1
    return len(word) + 1 if word and rule.code.startswith(word.upper()) else 0


def _problems(rule: Rule, runbook: Runbook) -> Iterator[Problem]:
    assert rule.check is not None
    for spot in rule.check(runbook):
        yield Problem(rule.code, spot.severity or rule.severity, spot.message, spot.span, spot.fix)
