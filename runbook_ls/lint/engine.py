"""Which rules are on, and what they say about a runbook. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.catalogue import NAMES, RULES, rule_of, unknown_rule
from runbook_ls.lint.ignores import UNUSED, Ignore, read_ignores, unused, without_ignored
from runbook_ls.lint.parts import Looks, moved, spots_of_parts
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem

__all__ = ["LintSettings", "check", "validate"]


def check(
    runbook: Runbook, *, settings: LintSettings, more: Iterable[Problem] | None = None
) -> tuple[Problem, ...]:
    """What the enabled rules find in a runbook, in the order of the text.

    RB101, RB113 and RB408 are suspicions that `external.confirm` and `surroundings.confirm` bear out or drop.
    `more` is what shellcheck found, None if it was not asked: its codes are switched off and ignored like those of
    rules. Problems of the document whose code is no rule's cannot be switched off. Parts of the text that did not
    change since they were last checked are not checked again.
    """
    chosen = _chosen(settings)
    codes = chosen.codes
    found = [
        problem for problem in runbook.problems if problem.code in codes or rule_of(problem.code) is None
    ]
    suspected: dict[str, list[Spot]] = {}
    for line, rule, spot in spots_of_parts(runbook, chosen.looks):
        if rule.confirm:
            suspected.setdefault(rule.code, []).append(moved(spot, line))
        else:
            found.append(_problem(rule, moved(spot, line)))
    for rule, confirm in chosen.confirming if suspected else ():
        if spots := suspected.get(rule.code):
            found += [_problem(rule, spot) for spot in confirm(runbook, spots)]
    for rule, look in chosen.looking:
        for spot in look(runbook):
            found.append(_problem(rule, spot))
    found += (problem for problem in more or () if is_enabled(problem.code, "", settings))
    found = _without_strays(found)
    if ignores := read_ignores(runbook):
        found, idle = without_ignored(found, ignores, NAMES)
        asked = more is not None
        found += (unused(ignore) for ignore in idle if UNUSED in codes and _could_apply(ignore, codes, asked))
    return tuple(sorted(found, key=lambda problem: (problem.span is not None, problem.span, problem.code)))


def _could_apply(ignore: Ignore, codes: frozenset[str], asked: bool) -> bool:
    """False if what a comment silences is switched off, or shellcheck's: then nobody knows whether it is needed."""
    if not ignore.words:
        return codes >= {rule.code for rule in RULES if rule.default}
    return all(
        (asked and _is_shellcheck(word))
        or any(_agreement(rule.code, rule.name, word) and rule.code in codes for rule in RULES)
        for word in ignore.words
    )


def _without_strays(problems: list[Problem]) -> list[Problem]:
    """Without the unclosed fences that are really stray ones."""
    stray = {problem.span.start for problem in problems if problem.code == "RB002" and problem.span}
    if not stray:
        return problems
    return [p for p in problems if not (p.code == "RB001" and p.span and p.span.start in stray)]


class _Chosen(NamedTuple):
    """The rules that are on, by what they are asked."""

    codes: frozenset[str]
    looks: Looks
    confirming: tuple[tuple[Rule, Callable[[Runbook, Sequence[Spot]], Iterable[Spot]]], ...]
    looking: tuple[tuple[Rule, Callable[[Runbook], Iterable[Spot]]], ...]


@lru_cache(maxsize=16)
def _chosen(settings: LintSettings) -> _Chosen:
    rules = [rule for rule in RULES if is_enabled(rule.code, rule.name, settings, rule.default)]
    return _Chosen(
        frozenset(rule.code for rule in rules),
        Looks(rules),
        tuple((rule, rule.confirm) for rule in rules if rule.confirm),
        tuple((rule, rule.runbook) for rule in rules if rule.runbook),
    )


def validate(settings: LintSettings) -> None:
    """Raise RunbookError for a code or name that no rule has."""
    for_files = (word for _, words in settings.per_file_ignores for word in words)
    for word in (*settings.select, *settings.extend, *settings.ignore, *for_files):
        if not _is_shellcheck(word) and not any(_agreement(rule.code, rule.name, word) for rule in RULES):
            raise unknown_rule(word)


def is_enabled(code: str, name: str, settings: LintSettings, default: bool = True) -> bool:
    """Whether the settings want what has this code and name; `default` if they do not say."""
    by_default = 1 if default and not settings.select else 0
    chosen = (*settings.select, *settings.extend)
    selected = max((_agreement(code, name, word) for word in chosen), default=0)
    ignored = max((_agreement(code, name, word) for word in settings.ignore), default=0)
    return max(selected, by_default) > ignored


def _agreement(code: str, name: str, word: str) -> int:
    """How closely a word of the settings names a rule: 0 not at all, else the length of what agrees."""
    if name and word == name:
        return len(code)
    return len(word) if word and code.startswith(word.upper()) else 0


def _is_shellcheck(word: str) -> bool:
    return re.fullmatch(r"SC\d{0,4}", word.upper()) is not None


def _problem(rule: Rule, spot: Spot) -> Problem:
    return Problem(rule.code, spot.severity or rule.severity, spot.message, spot.span, spot.fix, spot.related)
