"""Whatever is wrong, the user gets one clear sentence and the right exit code, and nothing is lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_ls.config import paths
from runbook_ls.values import RunbookError

from .conftest import Cli

RUNBOOK = "Say hello\n\n```sh\necho hello\n```\n"


def one_sentence(text: str) -> str:
    lines = text.strip().split("\n")
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


@pytest.mark.parametrize("command", ["ls", "lint", "run"])
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.md", None, "there is no such file or directory"),
        ("binary.md", b"\x7fELF\0\0", "this is a binary file"),
        ("latin.md", "caf\xe9".encode("latin-1"), "this file is not UTF-8 (line 1)"),
    ],
)
def test_a_file_that_cannot_be_read(
    cli: Cli, tmp_path: Path, command: str, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = cli(command, name, *(["--all"] if command == "run" else []))
    assert done.returncode == 2
    last = done.stderr.strip().split("\n")[-1]
    assert f"{name}: " in last
    if not (command == "run" and content is None):
        assert sentence in last
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
@pytest.mark.parametrize("arguments", [["ls", "."], ["lint", "."], ["rule", "--markdown"]])
def test_a_full_disk_under_the_output(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.md").write_text("# A\n\n```\nls\n```\n")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "runbook_ls", *arguments],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "the output cannot be written: no space left on device." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["ls", "lint", "learn"])
def test_a_directory_without_markdown(cli: Cli, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    done = cli(command, "empty")
    assert done.returncode == 2
    assert "empty: this directory has no markdown file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_directory_that_cannot_be_written(cli: Cli, home: Path) -> None:
    (home / "runbook-ls").mkdir(mode=0o500)
    done = cli("history")
    assert done.returncode == 2
    assert str(home) in one_sentence(done.stderr)


def test_a_data_directory_that_is_a_file(cli: Cli, home: Path) -> None:
    (home / "runbook-ls").write_text("in the way")
    done = cli("history")
    assert done.returncode == 2
    assert str(home) in one_sentence(done.stderr)
    assert (home / "runbook-ls").read_text() == "in the way"


def test_a_run_is_not_blocked_by_a_journal_that_cannot_be_opened(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    (home / "runbook-ls").write_text("in the way")
    (tmp_path / "a.md").write_text(RUNBOOK)
    done = cli("run", "a.md", "--all")
    assert (done.returncode, done.stdout) == (0, "hello\n")
    assert "not learned: " in one_sentence(done.stderr)


def test_a_journal_of_a_newer_version_is_left_alone(cli: Cli) -> None:
    file = paths.find().journal
    assert cli("history").returncode == 0
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = file.read_bytes()
    done = cli("history")
    assert done.returncode == 2
    assert "newer" in one_sentence(done.stderr)
    assert file.read_bytes() == before


def test_a_corrupt_journal_is_set_aside_and_kept(cli: Cli) -> None:
    file = paths.find().journal
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is not a database, but somebody may want it back" * 100)
    done = cli("history")
    assert done.returncode == 0
    assert "damaged" in one_sentence(done.stderr)
    aside = list(file.parent.glob("journal.sqlite3.corrupt-*"))
    assert [kept.read_bytes()[:4] for kept in aside] == [b"this"]


def test_an_unknown_cell_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    done = cli("run", "a.md", "deploy")
    assert done.returncode == 2
    assert "there is no cell named deploy" in one_sentence(done.stderr)


def test_an_unknown_language_says_the_nearest(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Do it\n\n```bsh {name=x}\necho\n```\n")
    done = cli("run", "a.md", "x")
    assert done.returncode == 2
    sentence = one_sentence(done.stderr)
    assert "cell x (line 3)" in sentence
    assert 'did you mean "' in sentence
    skipped = cli("run", "a.md", "--all")
    assert skipped.returncode == 0
    assert "skipped cell x (line 3)" in one_sentence(skipped.stderr)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("not json", "stdin, line 1: not JSON"),
        ("[1, 2]", 'stdin, line 1: an object with a text "intent" is needed'),
        ('{"intent": 3}', 'stdin, line 1: an object with a text "intent" is needed'),
        ('{"intent": "x", "examples": [{"intent": 1}]}', 'stdin, line 1: "examples" is a list of'),
    ],
)
def test_a_batch_line_of_another_shape(cli: Cli, line: str, sentence: str) -> None:
    done = cli("suggest", "--jsonl", input=line + "\n")
    assert done.returncode == 2
    assert sentence in one_sentence(done.stderr)


def test_a_bad_line_teaches_nothing_of_its_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"intent": "a", "command": "b"}\n{"intent": "a"}\n')
    done = cli("learn", "--jsonl", "pairs.jsonl")
    assert done.returncode == 2
    assert "line 2" in one_sentence(done.stderr)
    assert cli("suggest", "a").returncode == 1


def test_wrong_use_is_two(cli: Cli) -> None:
    assert cli("run", "x.md").returncode == 2
    assert cli("suggest").returncode == 2
    assert cli("nonsense").returncode == 2
    assert cli("show", "nothing").returncode == 2


def test_nothing_could_be_learned(cli: Cli, tmp_path: Path, home: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(RUNBOOK)
    (home / "runbook-ls").write_text("in the way")
    done = cli("learn", ".")
    assert done.returncode == 2
    assert done.stderr.count(str(home)) == 1
    (tmp_path / "c.md").write_bytes(b"\0")
    assert cli("learn", "c.md").returncode == 2


@pytest.mark.parametrize(
    "command",
    [
        ("learn", "--jsonl", "deep.jsonl"),
        ("eval", "deep.jsonl"),
        ("suggest", "--jsonl"),
        ("lint", "--baseline", "deep.jsonl"),
    ],
    ids=" ".join,
)
def test_json_nested_without_end(cli: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    (tmp_path / "deep.jsonl").write_text("[" * 100_000)
    done = cli(*command, input="[" * 100_000)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_a_daemon_closed(cli: Cli, tmp_path: Path, closed: str) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    command = f"exec {sys.executable} -m runbook_ls run a.md --all {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert '"exit_code": 0' in cli("history", "--json").stdout


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8:strict"])
def test_what_the_terminal_cannot_say_is_written_out(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    name = os.fsdecode(b"caf\xe9.md") if sys.platform == "linux" else "café.md"
    (tmp_path / name).write_text("Show \u2713 and \U0001f600\n\n```sh\necho hello\n```\n", "utf-8")
    for command in (["ls", name], ["run", name, "--all"], ["history"]):
        done = cli(*command)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    (cell,) = json.loads(cli("ls", "--json", name).stdout)
    assert cell["intent"] == "Show \u2713 and \U0001f600"


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    command = f"mkdir gone; cd gone; rmdir ../gone; exec {sys.executable} -m runbook_ls history"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "the working directory does not exist any more" in one_sentence(done.stderr)


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNBOOK_LS_HOME")
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", property(_no_home))
    with pytest.raises(RunbookError, match="no home directory: set HOME, or RUNBOOK_LS_HOME"):
        paths.find()


def _no_home(_: object) -> str:
    raise RuntimeError("could not determine the home directory")


def test_too_many_runs_to_count(cli: Cli) -> None:
    done = cli("history", "-n", "9" * 30)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


INTERRUPTED_WHILE_LOADED = """
import sys
class Finder:
    def find_spec(name, path=None, target=None):
        if name == "runbook_ls.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder)
from runbook_ls.__main__ import main
main()
"""


def test_a_ctrl_c_while_it_is_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "")
