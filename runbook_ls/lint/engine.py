"""Which rules are on, and what they say about a runbook. Pure."""

from __future__ import annotations

from functools import lru_cache

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.catalogue import NAMES, RULES, rule_of, unknown_rule
from runbook_ls.lint.ignores import UNUSED, Ignore, read_ignores, unused, without_ignored
from runbook_ls.lint.parts import Looks, moved, spots_of_parts
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem

__all__ = ["LintSettings", "check", "enabled_rules", "validate"]


def check(runbook: Runbook, *, settings: LintSettings) -> tuple[Problem, ...]:
    """What the enabled rules find in a runbook, in the order of the text.

    Problems whose code is no rule's cannot be switched off. Parts of the text that did not change since
    they were last checked are not checked again.
    """
    rules = enabled_rules(settings)
    codes = {rule.code for rule in rules}
    found = [
        problem for problem in runbook.problems if problem.code in codes or rule_of(problem.code) is None
    ]
    found += (
        _problem(rule, moved(spot, line)) for line, rule, spot in spots_of_parts(runbook, _looks(settings))
    )
    for rule in rules:
        if rule.runbook:
            found += (_problem(rule, spot) for spot in rule.runbook(runbook))
    if ignores := read_ignores(runbook):
        found, idle = without_ignored(found, ignores, NAMES)
        found += (unused(ignore) for ignore in idle if UNUSED in codes and _could_apply(ignore, codes))
    return _in_order(found)


def _could_apply(ignore: Ignore, codes: set[str]) -> bool:
    """False if what a comment silences is switched off: then nobody knows whether it is needed."""
    if not ignore.words:
        return codes >= {rule.code for rule in RULES if rule.default}
    return all(any(_agreement(rule, word) and rule.code in codes for rule in RULES) for word in ignore.words)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """In the order of the text, without the unclosed fences that are really stray ones."""
    stray = {problem.span.start for problem in problems if problem.code == "RB002" and problem.span}
    kept = [p for p in problems if not (p.code == "RB001" and p.span and p.span.start in stray)]
    return tuple(sorted(kept, key=lambda problem: (problem.span is not None, problem.span, problem.code)))


@lru_cache(maxsize=16)
def enabled_rules(settings: LintSettings) -> tuple[Rule, ...]:
    """The rules that are on."""
    return tuple(rule for rule in RULES if _is_enabled(rule, settings))


@lru_cache(maxsize=16)
def _looks(settings: LintSettings) -> Looks:
    return Looks.of(enabled_rules(settings))


def validate(settings: LintSettings) -> None:
    """Raise RunbookError for a code or name that no rule has."""
    for_files = (word for _, words in settings.per_file_ignores for word in words)
    for word in (*settings.select, *settings.extend, *settings.ignore, *for_files):
        if not any(_agreement(rule, word) for rule in RULES):
            raise unknown_rule(word)


def _is_enabled(rule: Rule, settings: LintSettings) -> bool:
    by_default = 1 if rule.default and not settings.select else 0
    selected = max((_agreement(rule, word) for word in (*settings.select, *settings.extend)), default=0)
    ignored = max((_agreement(rule, word) for word in settings.ignore), default=0)
    return max(selected, by_default) > ignored


def _agreement(rule: Rule, word: str) -> int:
    """How closely a word of the settings names a rule: 0 not at all, else the length of what agrees."""
    if word == rule.name:
        return len(rule.code)
    return len(word) if rule.code.startswith(word.upper()) else 0


def _problem(rule: Rule, spot: Spot) -> Problem:
    return Problem(rule.code, spot.severity or rule.severity, spot.message, spot.span, spot.fix)
