"""`runbook-ls lint`: what is wrong with runbooks, and mending it."""

from __future__ import annotations

import os
import sys

import click

from runbook_ls.lint import report
from runbook_ls.lint.files import Report, decode
from runbook_ls.lint.settings import LintSettings
from runbook_ls.workbench import lint_files
from runbook_ls.workbench.lint_files import STDIN, Chosen


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
@click.option(
    "--per-file-ignores",
    "for_files",
    multiple=True,
    metavar="PATTERN:CODES",
    help="Not these in the files of a pattern, such as 'docs/old/*.md:RB104,RB2'. May be given again.",
)
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Pass over these files of directories.")
@click.option("--baseline", metavar="FILE", help="Leave out what this file knows already.")
@click.option("--write-baseline", is_flag=True, help="Write what is found today to the baseline.")
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning")),
    help="From which severity on the exit code is 1 (default: warning).",
)
@click.option("--statistics", is_flag=True, help="How often each rule was broken, instead of where.")
@click.option("--no-cache", is_flag=True, help="Look at every file anew.")
@click.option("--stdin-filename", default=STDIN, metavar="FILE", help="What the text of stdin is called.")
def command(
    paths: tuple[str, ...],
    form: str,
    fix: bool,
    show_diff: bool,
    select: str,
    extend: str,
    ignore: str,
    for_files: tuple[str, ...],
    exclude: tuple[str, ...],
    baseline: str | None,
    write_baseline: bool,
    fail_on: str | None,
    statistics: bool,
    no_cache: bool,
    stdin_filename: str,
) -> int:
    """Check runbooks: files, directories (default: this one), patterns, or - for stdin.

    Settings are read from `runbook-ls.toml` ([lint]) or `pyproject.toml` ([tool.runbook-ls.lint]) above the first
    PATH. Exit code 1 when there is an error or a warning, 2 when something could not be read.
    """
    paths = paths or (".",)
    if STDIN in paths and (len(paths) > 1 or write_baseline):
        raise click.UsageError("- (stdin) stands alone, and goes into no baseline.")
    given = LintSettings(
        _codes(select), _codes(ignore), _codes(extend), tuple(map(_for_files, for_files)), exclude
    )
    where = (stdin_filename,) if paths == (STDIN,) else paths
    chosen = lint_files.choose(where, given, baseline=baseline, fail_on=fail_on)
    if write_baseline:
        file, number = lint_files.write_baseline(paths, chosen)
        click.echo(f"{number:,} finding{'' if number == 1 else 's'} written to {file}", err=True)
        return 0
    if paths == (STDIN,):
        return _stdin(stdin_filename, chosen, form, fix=fix, show_diff=show_diff, statistics=statistics)
    if show_diff:
        return _diff(paths, chosen)
    if fix:
        for file_name, _, after in lint_files.mended(paths, chosen):
            lint_files.write_mended(file_name, after)
    return _report(lint_files.lint(paths, chosen, use_cache=not no_cache), chosen, form, statistics)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _for_files(text: str) -> tuple[str, tuple[str, ...]]:
    pattern, colon, words = text.rpartition(":")
    if not colon or not pattern or not _codes(words):
        raise click.BadParameter(f"{text!r} is not PATTERN:CODES, such as 'docs/old/*.md:RB104,RB2'.")
    return pattern, _codes(words)


def _stdin(name: str, chosen: Chosen, form: str, *, fix: bool, show_diff: bool, statistics: bool) -> int:
    """Lint the text of stdin. With --fix the mended text is the answer, and the report goes to stderr."""
    text = decode(name, sys.stdin.buffer.read())
    if show_diff or fix:
        after = lint_files.mend_text(text, name, chosen)
        if show_diff:
            return _show_diff([(name, text, after)])
        sys.stdout.buffer.write(after.encode("utf-8"))
        text = after
    return _report(lint_files.lint_stdin(text, name, chosen), chosen, form, statistics, to_stderr=fix)


def _report(found: Report, chosen: Chosen, form: str, statistics: bool, *, to_stderr: bool = False) -> int:
    if form != "text":
        click.echo(report.render(found.findings, form), nl=False, err=to_stderr)
    else:
        from runbook_ls.lint.report import text

        told = (
            text.statistics(found.findings)
            if statistics
            else text.render(found.findings, colour=_colour(to_stderr))
        )
        click.echo(told, nl=False, err=to_stderr, color=True)
        click.echo(text.summary(found.findings, found.files), err=True)
    for complaint in found.complaints:
        from runbook_ls.cli import shown

        click.echo(f"runbook-ls: {shown.line(complaint)}", err=True)
    return 2 if found.complaints else int(chosen.fails(found))


def _colour(to_stderr: bool) -> bool:
    """Whether the answer goes to a terminal that wants colours. Source: no-color.org, force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stderr if to_stderr else sys.stdout).isatty()


def _diff(paths: tuple[str, ...], chosen: Chosen) -> int:
    return _show_diff(list(lint_files.mended(paths, chosen)))


def _show_diff(changes: list[tuple[str, str, str]]) -> int:
    from runbook_ls.lint.fixes import diff

    changed = [diff(file, before, after) for file, before, after in changes]
    if sys.stdout.isatty():
        from runbook_ls.cli import shown

        changed = [shown.lines(one) for one in changed]
    click.echo("".join(changed), nl=False)
    return int(any(changed))
