"""`runbook-ls lint`: what is wrong with runbooks, and mending it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from runbook_ls.document import parse
from runbook_ls.lint import engine, files
from runbook_ls.lint.engine import LintSettings, validate
from runbook_ls.lint.files import Report
from runbook_ls.lint.fixes import apply_fixes
from runbook_ls.values import RunbookError, Severity


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "format_", type=click.Choice(["text", "json", "sarif", "github"]), default="text")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then report the rest.")
@click.option(
    "--select", default="", metavar="CODES", help="Only these rules: codes, families (RB1) or names."
)
@click.option("--ignore", default="", metavar="CODES", help="All but these.")
def command(paths: tuple[str, ...], format_: str, fix: bool, select: str, ignore: str) -> int:
    """Check runbooks: files, directories (default: this one), or - for stdin.

    Exit code 1 when there is an error or a warning, 2 when something could not be read.
    """
    settings = LintSettings(_codes(select), _codes(ignore))
    validate(settings)
    if paths == ("-",):
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        report = Report(files.lint_text(text, "-", settings), 1)
    else:
        if fix:
            _fix(paths or (".",), settings)
        report = files.lint_paths(paths or (".",), settings)
    _print(report, format_)
    for complaint in report.complaints:
        click.echo(f"runbook-ls: {complaint}", err=True)
    if report.complaints:
        return 2
    return int(any(f.problem.severity in (Severity.ERROR, Severity.WARNING) for f in report.findings))


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _print(report: Report, format_: str) -> None:
    render = importlib.import_module(f"runbook_ls.lint.report.{format_}")
    if format_ != "text":
        click.echo(render.render(report.findings), nl=False)
        return
    click.echo(render.render(report.findings, colour=sys.stdout.isatty()), nl=False)
    click.echo(render.summary(report.findings, report.files), err=True)


def _fix(paths: Sequence[str], settings: LintSettings) -> None:
    """Apply every safe fix, file by file. What cannot be read is reported by the pass that follows."""
    for file in files.find_files(paths)[0]:
        try:
            text = files.read_runbook(file)
        except RunbookError:
            continue
        fixed = apply_fixes(text, engine.check(parse(text), settings=settings))
        if fixed.applied:
            Path(file).write_bytes(fixed.text.encode("utf-8"))
