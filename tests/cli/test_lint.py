"""`runbook-ls lint` as people and CI systems use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Cli

BAD = "# Logs\n\n```sh\noc logs <pod>\n```\n"
PROMPT = "# Logs\n\n```sh\n$ ls\n```\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> Path:
    """A repository with one error in `docs/a.md` and one warning that can be fixed in `b.md`."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(BAD)
    (tmp_path / "b.md").write_text(PROMPT)
    (tmp_path / "runbook-ls.toml").write_text('[lint]\nignore = ["missing-program"]\n')
    return tmp_path


def codes(output: str) -> list[tuple[str, str]]:
    return [(found["file"], found["code"]) for found in json.loads(output)]


def test_exit_codes_and_where_the_answer_goes(cli: Cli) -> None:
    found = cli("lint")
    assert found.returncode == 1
    assert "docs/a.md:4:9: error RB104" in found.stdout
    assert found.stderr == "1 error, 1 warning in 2 files (1 fixable with --fix)\n"
    assert cli("lint", "--fail-on", "error", "b.md").returncode == 0
    assert cli("lint", "--ignore", "RB1").returncode == 0
    assert cli("lint", "nowhere.md").returncode == 2


def test_settings_of_the_repository(cli: Cli, repository: Path) -> None:
    settings = repository / "runbook-ls.toml"
    settings.write_text(
        '[lint]\nignore = ["RB113"]\nexclude = ["b.md"]\n[lint.per-file-ignores]\n"docs/*" = ["RB104"]\n'
    )
    assert codes(cli("lint", "--format", "json").stdout) == []
    assert codes(cli("lint", "--format", "json", "b.md", "docs").stdout) == [("b.md", "RB102")]
    assert codes(cli("lint", "--format", "json", ".", cwd=repository / "docs").stdout) == []
    settings.write_text('[lint]\nselect = ["RB9"]\n')
    wrong = cli("lint")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == 'runbook-ls: there is no rule "RB9"; `runbook-ls rule` lists them all.\n'
    settings.write_text("[lint]\nselct = []\n")
    assert 'there is no setting "selct"' in cli("lint").stderr


def test_what_is_given_is_added_to_the_settings(cli: Cli, repository: Path) -> None:
    assert codes(cli("lint", "--format", "json", "--ignore", "RB104").stdout) == [("b.md", "RB102")]
    assert codes(cli("lint", "--format", "json", "--select", "RB104").stdout) == [("docs/a.md", "RB104")]
    settings = repository / "runbook-ls.toml"
    settings.write_text('[lint]\nignore = ["RB104", "RB113"]\n')
    assert codes(cli("lint", "--format", "json", "--select", "RB104").stdout) == [("docs/a.md", "RB104")]
    for_files = cli("lint", "--format", "json", "--per-file-ignores", "docs/*:RB104,RB2")
    assert codes(for_files.stdout) == [("b.md", "RB102")]
    assert cli("lint", "--per-file-ignores", "docs").returncode == 2


def test_an_old_repository_starts_clean(cli: Cli, repository: Path) -> None:
    missing = cli("lint", "--baseline", "known.json")
    assert missing.returncode == 2
    assert "--write-baseline makes one" in missing.stderr
    written = cli("lint", "--baseline", "known.json", "--write-baseline")
    assert (written.returncode, written.stderr) == (0, "2 findings written to known.json\n")
    assert cli("lint", "--baseline", "known.json").returncode == 0
    assert cli("lint", ".", "--baseline", "../known.json", cwd=repository / "docs").returncode == 0
    (repository / "docs" / "new.md").write_text(BAD)
    found = cli("lint", "--baseline", "known.json", "--format", "json")
    assert codes(found.stdout) == [("docs/new.md", "RB104")]


def test_fix_and_diff(cli: Cli, repository: Path) -> None:
    shown = cli("lint", "--diff", "b.md")
    assert shown.returncode == 1
    assert "-$ ls\n+ls\n" in shown.stdout
    assert (repository / "b.md").read_text() == PROMPT
    assert cli("lint", "--fix", "b.md").returncode == 0
    assert (repository / "b.md").read_text() == PROMPT.replace("$ ", "")
    assert cli("lint", "--diff", "b.md").returncode == 0


def test_stdin(cli: Cli) -> None:
    assert codes(cli("lint", "-", "--format", "json", input=BAD).stdout) == [("-", "RB104")]
    named = cli("lint", "-", "--stdin-filename", "docs/a.md", "--format", "json", input=PROMPT)
    assert codes(named.stdout) == [("docs/a.md", "RB102")]
    fixed = cli("lint", "-", "--fix", input=PROMPT)
    assert fixed.stdout == PROMPT.replace("$ ", "")
    assert cli("lint", "-", "--diff", input=PROMPT).stdout.startswith("--- a/-\n")


def test_stdin_is_refused_where_a_file_is(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("Caf\u00e9\n".encode("latin-1"))
    command = [sys.executable, "-m", "runbook_ls", "lint", "--fix", "-"]
    with (tmp_path / "latin").open("rb") as text:
        done = subprocess.run(command, stdin=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"not UTF-8 (line 1)" in done.stderr
    for more in ("b.md", "--write-baseline"):
        assert "- (stdin) stands alone" in cli("lint", "-", more).stderr


def test_statistics(cli: Cli) -> None:
    assert [line.split()[:2] for line in cli("lint", "--statistics").stdout.splitlines()] == [
        ["1", "RB102"],
        ["1", "RB104"],
    ]


def test_a_runner_of_ci_lacks_programs_that_the_reader_has(
    cli: Cli, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "runbook-ls.toml").unlink()
    (repository / "b.md").write_text("# T\n\n```sh\nnowhere-tool\n```\n")
    monkeypatch.delenv("CI", raising=False)
    assert codes(cli("lint", "b.md", "--format", "json").stdout) == [("b.md", "RB113")]
    monkeypatch.setenv("CI", "true")
    assert codes(cli("lint", "b.md", "--format", "json").stdout) == []
    assert codes(cli("lint", "b.md", "--extend", "RB113", "--format", "json").stdout) == [("b.md", "RB113")]


def test_colours_are_for_terminals(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b[" not in cli("lint").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31merror\x1b[0m" in cli("lint").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cli("lint").stdout


def test_linting_loads_nothing_heavy(repository: Path) -> None:
    program = (
        "import sys; from runbook_ls.cli.main import main\n"
        "sys.argv[1:] = ['lint', '.']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({'lsprotocol', 'pygls', 'chromadb', 'openai', 'onnxruntime', 'numpy', 'rich', 'rapidfuzz',"
        " 'pygments', 'asyncio', 'sqlite3', 'multiprocessing'} & set(sys.modules)), sep='+', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == ""
