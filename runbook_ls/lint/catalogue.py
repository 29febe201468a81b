"""All rules, and finding one by its code or name."""

from __future__ import annotations

from runbook_ls.lint.rule import Rule
from runbook_ls.lint.rules import (
    characters,
    document,
    flow,
    links,
    placeholders,
    practice,
    quality,
    safety,
    shell,
)
from runbook_ls.values import RunbookError

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *document.RULES,
            *shell.RULES,
            *placeholders.RULES,
            *characters.RULES,
            *practice.RULES,
            *flow.RULES,
            *safety.RULES,
            *quality.RULES,
            *links.RULES,
        ),
        key=lambda rule: rule.code,
    )
)
DOCUMENTATION = "https://runbook-ls.example/docs"
"""Where docs/ is published: the same address as `project.urls` in pyproject.toml."""

NAMES = {rule.code: rule.name for rule in RULES}
_BY_CODE = {rule.code: rule for rule in RULES}


def rule_of(code: str) -> Rule | None:
    """The rule with exactly this code; None for codes that other parts give, such as `llm-unavailable`."""
    return _BY_CODE.get(code)


def name_of(code: str) -> str:
    """The name of the rule with this code, "" if there is none."""
    rule = _BY_CODE.get(code)
    return rule.name if rule else ""


def page_of(code: str) -> str:
    """Where the rule with this code, or a finding of shellcheck's, is explained; "" if nowhere."""
    if code.startswith("SC"):
        return f"https://www.shellcheck.net/wiki/{code}"
    return f"{DOCUMENTATION}/rules#{code.lower()}" if code in _BY_CODE else ""


def find_rule(word: str) -> Rule:
    """The rule that a user means by a code or a name; RunbookError if there is none."""
    rule = _BY_CODE.get(word.upper()) or next((rule for rule in RULES if rule.name == word), None)
    if rule is None:
        raise unknown_rule(word)
    return rule


def unknown_rule(word: str) -> RunbookError:
    """The error for a code or name that no rule has."""
    return RunbookError(f'there is no rule "{word}"; `runbook-ls rule` lists them all.')
