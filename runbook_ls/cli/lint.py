"""`runbook-ls lint`: what is wrong with runbooks, and mending it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from runbook_ls.lint import files, report
from runbook_ls.lint.engine import validate
from runbook_ls.lint.files import Report
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import RunbookError, Severity


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(report.FORMATS), default="text")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then report the rest.")
@click.option("--diff", "show_diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--select", default="", metavar="CODES", help="Only these rules: codes, families (RB1) or names."
)
@click.option("--extend", default="", metavar="CODES", help="These rules too, that are off by default.")
@click.option("--ignore", default="", metavar="CODES", help="All but these.")
@click.option("--statistics", is_flag=True, help="How often each rule was broken, instead of where.")
def command(
    paths: tuple[str, ...],
    form: str,
    fix: bool,
    show_diff: bool,
    select: str,
    extend: str,
    ignore: str,
    statistics: bool,
) -> int:
    """Check runbooks: files, directories (default: this one), or - for stdin.

    Exit code 1 when there is an error or a warning, 2 when something could not be read.
    """
    settings = LintSettings(_codes(select), _codes(ignore), _codes(extend))
    validate(settings)
    paths = paths or (".",)
    if show_diff:
        return _diff(paths, settings)
    if paths == ("-",):
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        found = Report(files.lint_text(text, "-", settings), 1)
    else:
        if fix:
            for file, _, fixed in _fixed(paths, settings):
                Path(file).write_bytes(fixed.encode("utf-8"))
        found = files.lint_paths(paths, settings)
    _print(found, form, statistics=statistics)
    for complaint in found.complaints:
        click.echo(f"runbook-ls: {complaint}", err=True)
    if found.complaints:
        return 2
    return int(any(f.problem.severity in (Severity.ERROR, Severity.WARNING) for f in found.findings))


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _print(found: Report, form: str, *, statistics: bool) -> None:
    if form != "text":
        click.echo(report.render(found.findings, form), nl=False)
        return
    from runbook_ls.lint.report import text

    told = (
        text.statistics(found.findings)
        if statistics
        else text.render(found.findings, colour=sys.stdout.isatty())
    )
    click.echo(told, nl=False)
    click.echo(text.summary(found.findings, found.files), err=True)


def _fixed(paths: Sequence[str], settings: LintSettings) -> Iterator[tuple[str, str, str]]:
    """Each file that fixes change, with its text before and after. What cannot be read is lint's to report."""
    from runbook_ls.lint.fixes import fix_text

    for file in files.find_files(paths)[0]:
        try:
            before = files.read_runbook(file)
        except RunbookError:
            continue
        after = fix_text(before, settings.for_file(file)).text
        if after != before:
            yield file, before, after


def _diff(paths: Sequence[str], settings: LintSettings) -> int:
    from runbook_ls.lint.fixes import diff

    changed = [diff(file, before, after) for file, before, after in _fixed(paths, settings)]
    click.echo("".join(changed), nl=False)
    return int(bool(changed))
