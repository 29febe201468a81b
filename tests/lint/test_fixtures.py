"""Every case of fixtures/lint. How to read and add one is said in cases.py."""

from __future__ import annotations

import pytest

from runbook_ls.lint.catalogue import RULES
from tests.lint.cases import FOLDER, Case, outcome, read_cases

CASES = [case for path in sorted(FOLDER.glob("RB*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.title}")
def test_case(case: Case):
    found, fixed = outcome(case.code, case.text)
    assert found == case.expected
    assert fixed == case.fixed


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_every_rule_has_three_cases_of_each_kind(code: str):
    cases = [case for case in CASES if case.code == code]
    assert sum(bool(case.expected) for case in cases) >= 3
    assert sum(not case.expected for case in cases) >= 3


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_what_they_say(rule):
    assert outcome(rule.code, rule.bad)[0]
    assert outcome(rule.code, rule.good)[0] == []
