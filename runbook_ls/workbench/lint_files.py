"""Linting files and directories for a command line: settings, cache, baseline, mending."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from runbook_ls.config import paths as locations
from runbook_ls.config.lint import LintTable, find_table
from runbook_ls.files import replace_file
from runbook_ls.lint import files
from runbook_ls.lint.files import Report
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import RunbookError, Severity

STDIN = "-"


class Chosen(NamedTuple):
    """What one run of lint goes by: `baseline` is a file or None; findings below `fail_on` do not fail the run."""

    settings: LintSettings
    baseline: Path | None = None
    fail_on: Severity = Severity.WARNING

    def fails(self, report: Report) -> bool:
        """True if a finding is bad enough."""
        bad = (Severity.ERROR,) if self.fail_on is Severity.ERROR else (Severity.ERROR, Severity.WARNING)
        return any(finding.problem.severity in bad for finding in report.findings)


def choose(
    paths: Sequence[str], given: LintSettings, *, baseline: str | None = None, fail_on: str | None = None
) -> Chosen:
    """The settings of the folder of the first path, and over them what was `given` on the command line.

    A `select` that is given takes the place of the file's `select` and `ignore`; everything else is added.
    RunbookError if the settings file is wrong.
    """
    first = Path(paths[0]) if paths and paths[0] != STDIN else Path.cwd()
    table = find_table(first if first.is_dir() else first.parent)
    settings = LintSettings(
        select=given.select or table.select,
        ignore=(*(() if given.select else table.ignore), *given.ignore, *_not_here(given, table)),
        extend=(*table.extend, *given.extend),
        per_file_ignores=(*table.per_file_ignores, *given.per_file_ignores),
        exclude=(*table.exclude, *given.exclude),
        root=table.folder,
    )
    file = Path(baseline) if baseline else Path(table.folder, table.baseline) if table.baseline else None
    return Chosen(settings, file, Severity(fail_on or table.fail_on))


def _not_here(given: LintSettings, table: LintTable) -> tuple[str, ...]:
    """What makes no sense on a CI runner, whose programs are not the reader's: unless somebody asks for it."""
    asked = {*table.select, *table.extend, *given.select, *given.extend} & {"RB113", "missing-program"}
    return ("RB113",) if os.environ.get("CI") and not asked else ()


def lint(paths: Sequence[str], chosen: Chosen, *, use_cache: bool = True) -> Report:
    """Lint files and directories. What the baseline knows is left out. RunbookError for a wrong code or baseline."""
    cache = locations.find().state / "lint" if use_cache else None
    return _without_known(files.lint_paths(paths, chosen.settings, cache=cache), chosen)


def lint_stdin(text: str, name: str, chosen: Chosen) -> Report:
    """Lint one text that is called `name`."""
    from runbook_ls.lint.engine import validate

    validate(chosen.settings)
    return _without_known(Report(files.lint_text(text, name, chosen.settings), 1), chosen)


def write_baseline(paths: Sequence[str], chosen: Chosen) -> tuple[Path, int]:
    """Write today's findings to the baseline: the file and how many. RunbookError if no file is named, or it cannot
    be written, or a path cannot be linted."""
    from runbook_ls.lint import baseline

    if chosen.baseline is None:
        raise RunbookError("Which file? Say --baseline FILE, or set `baseline` in the lint settings.")
    report = lint(paths, chosen._replace(baseline=None))
    if report.complaints:
        raise RunbookError(f"The baseline was not written. {report.complaints[0]}")
    baseline.write_baseline(chosen.baseline, report.findings)
    return chosen.baseline, len(report.findings)


def mended(paths: Sequence[str], chosen: Chosen) -> Iterator[tuple[str, str, str]]:
    """Each file that fixes change, with its text before and after. What cannot be read is `lint`'s to report."""
    for file in files.find_files(paths, chosen.settings)[0]:
        try:
            before = files.read_runbook(file)
        except RunbookError:
            continue
        after = mend_text(before, file, chosen)
        if after != before:
            yield file, before, after


def mend_text(text: str, name: str, chosen: Chosen) -> str:
    """The text of the file `name` with all fixes applied. RunbookError for a code that no rule has."""
    from runbook_ls.lint.engine import validate
    from runbook_ls.lint.fixes import fix_text

    validate(chosen.settings)
    return fix_text(text, chosen.settings.for_file(name)).text


def write_mended(file: str, text: str) -> None:
    """Replace the text of a file. RunbookError if it cannot be written."""
    try:
        replace_file(Path(file), text.encode("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunbookError(f"{file}: the fixes cannot be written: {reason}.") from None


def _without_known(report: Report, chosen: Chosen) -> Report:
    if chosen.baseline is None:
        return report
    from runbook_ls.lint.baseline import new_findings, read_baseline

    known = read_baseline(chosen.baseline)
    return report._replace(findings=new_findings(report.findings, known, chosen.baseline.parent))
