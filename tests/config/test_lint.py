"""Where lint's settings are found, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from runbook_ls.config.lint import LintTable, find_table
from runbook_ls.values import RunbookError


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file.parent


def test_the_nearest_file_above_counts(tmp_path: Path):
    write(tmp_path / "pyproject.toml", '[tool.runbook-ls.lint]\nignore = ["RB1"]\n')
    write(tmp_path / "docs" / "pyproject.toml", '[project]\nname = "x"\n')
    deep = write(tmp_path / "docs" / "deep" / "a.md", "")
    assert find_table(deep) == LintTable(ignore=("RB1",), folder=str(tmp_path))
    write(tmp_path / "docs" / "runbook-ls.toml", '[lint]\nselect = ["RB2"]\nfail-on = "error"\n')
    expected = LintTable(select=("RB2",), fail_on="error", folder=str(tmp_path / "docs"))
    assert find_table(deep) == expected


def test_none_above_a_repository_counts(tmp_path: Path):
    write(tmp_path / "runbook-ls.toml", '[lint]\nselect = ["RB2"]\n')
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    assert find_table(tmp_path / "repo") == LintTable()


def test_those_of_where_one_stands_do_not_count_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    here = write(tmp_path / "here" / "runbook-ls.toml", '[lint]\nselect = ["RB2"]\n')
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(here)
    assert find_table(Path("../there")) == LintTable()


def test_every_setting_is_read(tmp_path: Path):
    text = (
        '[lint]\nselect = ["RB1"]\nignore = ["RB104"]\nextend = ["no-owner"]\nexclude = ["drafts/"]\n'
        'baseline = "known.json"\nfail-on = "error"\n[lint.per-file-ignores]\n"old/*.md" = ["RB2", "RB3"]\n'
    )
    write(tmp_path / "runbook-ls.toml", text)
    assert find_table(tmp_path) == LintTable(
        select=("RB1",),
        ignore=("RB104",),
        extend=("no-owner",),
        per_file_ignores=(("old/*.md", ("RB2", "RB3")),),
        exclude=("drafts/",),
        baseline="known.json",
        fail_on="error",
        folder=str(tmp_path),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lint", "not valid TOML"),
        (f"lint = {'[' * 5000}", "not valid TOML"),
        ("lint = 1", "must be a table"),
        ("[lint]\nselct = []", 'there is no setting "selct"; there are select, ignore'),
        ('[lint]\nselect = "RB1"', r'"select" must be a list of texts such as \["RB104"\]'),
        ('[lint]\nfail-on = "never"', '"fail-on" must be "error" or "warning"'),
        ("[lint]\nbaseline = 1", '"baseline" must be the path of a file'),
        ('[lint]\nper-file-ignores = ["x"]', '"per-file-ignores" must be a table'),
        ('[lint.per-file-ignores]\n"x" = 1', "\"per-file-ignores\", 'x' must be a list"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(tmp_path: Path, text: str, said: str):
    write(tmp_path / "runbook-ls.toml", text)
    with pytest.raises(RunbookError, match=said):
        find_table(tmp_path)
