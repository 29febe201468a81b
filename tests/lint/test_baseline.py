"""A baseline lets an old repository start clean; settings can differ by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from runbook_ls.lint.baseline import new_findings, read_baseline, write_baseline
from runbook_ls.lint.files import lint_text
from runbook_ls.lint.fixes import diff, fix_text
from runbook_ls.lint.report import text
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import RunbookError

OLD = "# Logs\n\n```sh\noc logs <pod>\n```\n"
NEW = OLD.replace("# Logs\n", "# Logs\n\nMore.\n") + "\n```sh\noc delete <pod>\n```\n"


def lint(source: str, file: str = "docs/a.md", **settings):
    return lint_text(source, file, LintSettings(select=("RB104",), **settings))


def test_a_baseline_replaces_a_baseline_and_nothing_else(tmp_path: Path):
    """A repository's settings may name any file as theirs."""
    path = tmp_path / "precious"
    path.write_text("mine")
    with pytest.raises(RunbookError, match="is no baseline of this program; remove it, or name another file"):
        write_baseline(path, lint(OLD))
    assert path.read_text() == "mine"
    path.unlink()
    write_baseline(path, lint(OLD))
    write_baseline(path, lint(NEW))
    assert len(read_baseline(path)) == 2


def test_only_new_findings_are_left(tmp_path: Path):
    path = tmp_path / "baseline.json"
    write_baseline(path, lint(OLD))
    assert new_findings(lint(OLD), read_baseline(path), tmp_path) == ()
    assert [finding.source for finding in new_findings(lint(NEW), read_baseline(path), tmp_path)] == [
        "oc delete <pod>"
    ]


def test_what_is_no_baseline_is_said(tmp_path: Path):
    with pytest.raises(RunbookError, match="cannot be read"):
        read_baseline(tmp_path / "none.json")
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(RunbookError, match="is no baseline"):
        read_baseline(tmp_path / "other.json")
    with pytest.raises(RunbookError, match="cannot be written"):
        write_baseline(tmp_path / "no" / "where.json", ())


def test_a_pattern_ignores_rules_in_some_files():
    quiet = {"per_file_ignores": (("docs/old/*.md", ("redirect-placeholder",)),)}
    assert lint(OLD, "docs/old/a.md", **quiet) == ()
    assert len(lint(OLD, "docs/a.md", **quiet)) == 1


def test_statistics_and_diff():
    assert text.statistics(lint(NEW)).startswith("2  RB104  Fill in `<pod>`")
    before = "# T\n\n```bsah\nls\n```\n"
    shown = diff("a.md", before, fix_text(before, LintSettings()).text)
    assert shown.splitlines()[:2] == ["--- a/a.md", "+++ b/a.md"]
    assert "-```bsah\n+```bash\n" in shown


def test_a_baseline_holds_wherever_the_program_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "docs").mkdir()
    path = tmp_path / "baseline.json"
    monkeypatch.chdir(tmp_path)
    write_baseline(path, lint(OLD))
    monkeypatch.chdir(tmp_path / "docs")
    assert new_findings(lint(OLD, "a.md"), read_baseline(path), path.parent) == ()


def test_what_is_excluded_is_said_by_patterns():
    settings = LintSettings(exclude=("drafts/", "*.tmp.md"), root="/srv/repo")
    assert settings.excludes("/srv/repo/docs/drafts", is_folder=True)
    assert settings.excludes("/srv/repo/a.tmp.md", is_folder=False)
    assert not settings.excludes("/srv/repo/docs/a.md", is_folder=False)
