"""`runbook-ls rule`: what a lint rule wants, and why."""

from __future__ import annotations

import re

import click

from runbook_ls.lint.catalogue import RULES, find_rule, page_of


@click.command()
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="All rules as one page; docs/rules.md is made with it.")
def command(code: str | None, markdown: bool) -> int:
    """Explain the rule CODE (or its name); without one, list all rules."""
    if markdown:
        from runbook_ls.lint.page import render

        click.echo(render(), nl=False)
        return 0
    if code is None:
        for rule in RULES:
            click.echo(f"{rule.code}  {rule.severity.value:7}  {rule.name:28} {rule.summary}")
        return 0
    if re.fullmatch(r"(?i)SC\d{4}", code):
        click.echo(f"{code.upper()} is shellcheck's: {page_of(code.upper())}")
        return 0
    rule = find_rule(code)
    off = "" if rule.default else ", off by default"
    click.echo(f"{rule.code} {rule.name} ({rule.severity.value}{off})\n\n{rule.summary}\n\n{rule.why}\n")
    click.echo("Bad:\n\n" + _indented(rule.bad) + "\nGood:\n\n" + _indented(rule.good), nl=False)
    return 0


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.strip("\n").split("\n"))
