"""docs/rules.md, and the addresses that lead to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runbook_ls.lint import page
from runbook_ls.lint.catalogue import DOCUMENTATION, RULES, page_of

PROJECT = Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    assert (PROJECT / "docs" / "rules.md").read_text("utf-8") == page.render(), (
        "run: .venv/bin/runbook-ls rule --markdown > docs/rules.md"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_code_leads_to_its_section(rule):
    address, _, anchor = page_of(rule.code).partition("#")
    assert address == f"{DOCUMENTATION}/rules"
    assert f"\n### {anchor.upper()}\n" in page.render()


def test_the_address_is_that_of_the_package():
    told = re.search(r'^Documentation = "(.*)"$', (PROJECT / "pyproject.toml").read_text(), re.MULTILINE)
    assert told
    assert told[1] == DOCUMENTATION


def test_other_codes():
    assert page_of("SC2086") == "https://www.shellcheck.net/wiki/SC2086"
    assert page_of("llm-unavailable") == ""
