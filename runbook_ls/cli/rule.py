"""`runbook-ls rule`: what a lint rule wants, and why."""

from __future__ import annotations

import click

from runbook_ls.lint.catalogue import RULES, find_rule


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain the rule CODE (or its name); without one, list all rules."""
    if code is None:
        for rule in RULES:
            click.echo(f"{rule.code}  {rule.severity.value:7}  {rule.name:28} {rule.summary}")
        return 0
    rule = find_rule(code)
    click.echo(f"{rule.code} {rule.name} ({rule.severity.value})\n\n{rule.summary}\n\n{rule.why}\n")
    click.echo("Bad:\n\n" + _indented(rule.bad) + "\nGood:\n\n" + _indented(rule.good), nl=False)
    return 0


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.strip("\n").split("\n"))
