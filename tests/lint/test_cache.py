"""The cache gives what linting gives, and never gets in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_ls.lint.files import lint_paths
from runbook_ls.lint.settings import LintSettings

TEXT = "# T\n\nDo:\n\n```sh\n$ oc logs <pod> “x”\n```\r\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(TEXT.encode())
    return tmp_path


def lint(folder: Path, **settings: tuple[str, ...]):
    return lint_paths(["a.md", "b.md"], LintSettings(**settings), cache=folder / "cache")


def test_it_says_the_same(folder: Path):
    plain = lint_paths(["a.md", "b.md"], LintSettings())
    assert lint(folder) == plain
    assert lint(folder) == plain
    assert {finding.file for finding in plain.findings} == {"a.md", "b.md"}


def test_a_changed_file_is_linted_again(folder: Path):
    lint(folder)
    (folder / "a.md").write_text("# T\n")
    assert {finding.file for finding in lint(folder).findings} == {"b.md"}


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no /dev/fd here")
def test_a_pipe_that_is_not_known_is_read_once(folder: Path):
    lint(folder)
    reader, writer = os.pipe()
    os.write(writer, b"text\n" + TEXT.encode())
    os.close(writer)
    pipe = f"/dev/fd/{reader}"
    found = lint_paths([pipe], LintSettings(), cache=folder / "cache")
    os.close(reader)
    assert {finding.file for finding in found.findings} == {pipe}


def test_each_set_of_settings_has_its_own(folder: Path):
    lint(folder)
    assert {finding.problem.code for finding in lint(folder, select=("RB104",)).findings} == {"RB104"}


def test_a_broken_or_unwritable_cache_is_no_matter(folder: Path):
    plain = lint(folder)
    (file,) = (folder / "cache").iterdir()
    for garbage in ("{", "[]", '{"x": 1}', ""):
        file.write_text(garbage)
        assert lint(folder) == plain
    (folder / "file").write_text("")
    assert lint_paths(["a.md", "b.md"], LintSettings(), cache=folder / "file" / "cache") == plain


def test_broken_rows_are_linted_again(folder: Path):
    plain = lint(folder)
    (file,) = (folder / "cache").iterdir()
    file.write_text(file.read_text().replace("RB104", "RB104").replace('"error"', '"dreadful"'))
    assert lint(folder) == plain


def test_a_warm_run_loads_neither_rules_nor_parsers(folder: Path):
    program = (
        "import sys; from pathlib import Path; from runbook_ls.lint.files import lint_paths\n"
        "from runbook_ls.lint.settings import LintSettings; from runbook_ls.lint.report import text\n"
        "print(len(text.render(lint_paths(['a.md'], LintSettings(), cache=Path('cache')).findings)))\n"
        "print(*sorted({'markdown_it', 'tree_sitter', 'runbook_ls.lint.catalogue', 'runbook_ls.document'} & set(sys.modules)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
        ).stdout
        for _ in range(2)
    ]
    assert runs[0].split("\n")[0] == runs[1].split("\n")[0]
    assert runs[1].split("\n")[1] == ""


def test_files_that_ignore_different_rules_do_not_share_what_is_said(folder: Path):
    settings = LintSettings(select=("RB104",), per_file_ignores=(("a.md", ("RB104",)),))
    for _ in range(2):
        report = lint_paths(["a.md", "b.md"], settings, cache=folder / "cache")
        assert {finding.file for finding in report.findings} == {"b.md"}


def test_what_the_surroundings_say_is_not_remembered(folder: Path):
    (folder / "a.md").write_text("See [it](it.md).\n")
    assert [finding.problem.code for finding in lint(folder, select=("RB408",)).findings] == ["RB408"]
    (folder / "it.md").write_text("# It\n")
    assert lint(folder, select=("RB408",)).findings == ()


def test_no_secret_gets_into_it(folder: Path):
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    text = f"# T\n\n```sh\nexport TOKEN={secret}\ncurl -H “Authorization: Bearer {secret}” <host>\n```\n"
    (folder / "a.md").write_text(text)
    first = lint(folder)
    assert {"RB301", "RB106"} <= {
        finding.problem.code for finding in first.findings if finding.file == "a.md"
    }
    assert secret not in "".join(file.read_text() for file in (folder / "cache").iterdir())
    assert lint(folder) == first


def test_an_entry_that_cannot_be_read_is_made_anew(folder: Path):
    plain = lint(folder)
    (file,) = (folder / "cache").glob("lint-*.json")
    good = file.read_text()
    file.write_text(json.dumps({key: [["RB104"]] for key in json.loads(good)}))
    assert lint(folder) == plain
    assert file.read_text() == good
