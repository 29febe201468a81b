"""Which files are linted, and what is said about those that cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runbook_ls.lint import files
from runbook_ls.lint.engine import LintSettings
from runbook_ls.lint.files import find_files, lint_paths, read_runbook
from runbook_ls.values import RunbookError

BAD = "```sh\noc logs <pod>\n```\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, *names: str, text: str = "# T\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def test_a_directory_is_searched(folder: Path):
    write(folder, "a.md", "docs/b.markdown", "docs/deep/c.mdx", "docs/D.MD", "notes.txt")
    assert find_files(["."])[0] == ("a.md", "docs/D.MD", "docs/b.markdown", "docs/deep/c.mdx")
    assert find_files(["docs"])[0] == ("docs/D.MD", "docs/b.markdown", "docs/deep/c.mdx")


def test_vendored_folders_are_passed_over(folder: Path):
    write(folder, "a.md", "node_modules/x/README.md", ".venv/y.md", "vendor/z.md")
    assert find_files(["."])[0] == ("a.md",)


def test_links_to_folders_are_not_followed_and_those_to_themselves_are_told(folder: Path):
    write(folder, "a.md", "docs/b.md")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "loop").symlink_to("loop")
    (folder / "loop.md").symlink_to("loop.md")
    assert find_files(["."])[0] == ("a.md", "docs/b.md", "loop.md")
    report = lint_paths(["."], LintSettings())
    assert report.files == 2
    assert report.complaints == ("loop.md: this file cannot be read: too many levels of symbolic links.",)


def test_links_to_nothing_are_passed_over_in_directories_but_told_where_they_are_named(folder: Path):
    write(folder, "a.md")
    (folder / ".#a.md").symlink_to("somebody@host.4711")  # the lock of Emacs
    (folder / "b.md").symlink_to("a.md")
    assert find_files(["."])[0] == ("a.md", "b.md")
    assert lint_paths([".#a.md"], LintSettings()).complaints == (
        ".#a.md: there is no such file or directory.",
    )


def test_gitignore_is_respected(folder: Path):
    write(folder, "a.md", "build/b.md", "docs/draft.md", "docs/keep.md", "docs/sub/draft.md")
    write(folder, ".gitignore", text="build/\ndraft.md\n")
    write(folder, "docs/sub/.gitignore", text="!draft.md\n")
    (folder / ".git").mkdir()
    assert find_files(["."])[0] == ("a.md", "docs/keep.md", "docs/sub/draft.md")
    assert find_files(["docs"])[0] == ("docs/keep.md", "docs/sub/draft.md")
    assert find_files(["build/b.md"])[0] == ("build/b.md",)


def test_patterns_are_expanded_and_files_come_once(folder: Path):
    write(folder, "docs/a.md", "docs/x/b.md")
    assert find_files(["docs/**/*.md", "docs/a.md"])[0] == ("docs/a.md", "docs/x/b.md")
    assert find_files(["docs/x/b.md", "./docs/x/../a.md", "docs"])[0] == ("docs/x/b.md", "./docs/x/../a.md")


def test_each_path_that_cannot_be_linted_gets_one_sentence_and_the_others_are_linted(folder: Path):
    write(folder, "bad.md", text=BAD)
    (folder / "empty").mkdir()
    (folder / "binary.md").write_bytes(b"\x00\x01")
    (folder / "latin.md").write_bytes("# Caf\u00e9\n".encode("latin-1"))
    report = lint_paths(["missing.md", "empty", "binary.md", "latin.md", "bad.md"], LintSettings())
    assert [finding.file for finding in report.findings if finding.problem.code == "RB104"] == ["bad.md"]
    assert report.files == 1
    assert report.complaints == (
        "missing.md: there is no such file or directory.",
        "empty: this directory has no markdown file (*.md, *.markdown, *.mdx).",
        "binary.md: this is a binary file, not markdown.",
        "latin.md: this file is not UTF-8 (line 1); convert it and try again.",
    )


def test_reading_keeps_line_ends(folder: Path):
    write(folder, "a.md", text="# T\r\n\rx\n")
    assert read_runbook("a.md") == "# T\r\n\rx\n"
    with pytest.raises(RunbookError, match=r"a directory|is a directory"):
        read_runbook(".")


def test_processes_say_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch):
    write(folder, *(f"{number}.md" for number in range(10)), text=BAD)
    alone = lint_paths(["."], LintSettings())
    monkeypatch.setattr(files, "_WORTH_PROCESSES", 0)
    assert lint_paths(["."], LintSettings()) == alone


def test_linting_loads_nothing_heavy(folder: Path):
    write(folder, "a.md", text="# T\n\n```yaml\na: b\n```\n")
    program = (
        "import sys; from runbook_ls.lint.files import lint_paths; from runbook_ls.lint.engine import LintSettings\n"
        "print(len(lint_paths(['a.md'], LintSettings()).findings))\n"
        "print(*sorted({'lsprotocol', 'pygls', 'chromadb', 'openai', 'onnxruntime', 'numpy', 'rich', 'tree_sitter',"
        " 'rapidfuzz', 'pygments', 'yaml', 'subprocess'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n\n"
